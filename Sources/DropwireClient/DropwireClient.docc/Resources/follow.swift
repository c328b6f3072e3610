import DropwireClient

for try await record in ArticleStream(from: .beginning, topics: ["art/"]) {
    guard let article = try record.article else { continue }
    print(record.position.seq, article.source, article.title ?? "(no title)")
}
