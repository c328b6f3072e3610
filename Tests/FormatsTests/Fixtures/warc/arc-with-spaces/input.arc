filedesc://x.arc 0.0.0.0 20250226032700 text/plain 9
1 0 Crawl

https://news.example/a b 10.0.0.1 20250226032700 text/html 368
HTTP/1.1 200 OK
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html lang=en><head><title>A page of ARC</title></head><body><article><h1>A page of ARC</h1><p>The bridge between the harbour and the islands is open to everybody after two years of building.</p><p>The ferry stops at the end of March, as the mayor said on Wednesday.</p></article></body></html>
