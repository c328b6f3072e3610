-- Index and archive: Sections.
CREATE TABLE index_meta(k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE index_name(number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL,
    UNIQUE(kind, name));
CREATE TABLE document(
    number INTEGER PRIMARY KEY AUTOINCREMENT, state INTEGER NOT NULL, words INTEGER NOT NULL,
    date_ms INTEGER NOT NULL, source INTEGER NOT NULL, language INTEGER NOT NULL, stream INTEGER NOT NULL,
    epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL, key_hash INTEGER NOT NULL,
    id_hash INTEGER NOT NULL, id TEXT NOT NULL, uri TEXT, version TEXT, section INTEGER NOT NULL DEFAULT 0);
CREATE INDEX document_key ON document(key_hash);
CREATE INDEX document_id ON document(id_hash);
CREATE UNIQUE INDEX document_position ON document(stream, epoch, seq);
CREATE TABLE record(number INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE killed(
    source TEXT NOT NULL, uri TEXT NOT NULL, stream INTEGER NOT NULL, epoch INTEGER NOT NULL,
    seq INTEGER NOT NULL, PRIMARY KEY(source, uri)) WITHOUT ROWID;
INSERT INTO index_meta VALUES ('identity', 618573541096293732);
INSERT INTO index_meta VALUES ('schema', 2);
INSERT INTO index_meta VALUES ('tokenizer', 1);
INSERT INTO index_name VALUES (1, 2, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd');
INSERT INTO index_name VALUES (2, 0, 'drop');
INSERT INTO index_name VALUES (3, 1, 'en');
INSERT INTO index_name VALUES (4, 3, 'Traffic');
INSERT INTO document VALUES (1, 1, 19, 1772431200000, 2, 3, 1, 1, 1, 1796039507176, 464665252773166279, 404785574702998225, '3deb27a8b7e8aee21da7ff9c14bcc3a3', 'urn:ferry:1', '1', 4);
INSERT INTO document VALUES (2, 0, 18, 1772438400000, 2, 3, 1, 1, 2, 1796039507176, 464665252773166279, 5258745278700088452, 'e4b67d44e8afd9bbd0bac326faa3b077', 'urn:ferry:1', '2', 4);
INSERT INTO document VALUES (4, 0, 18, 1772445600000, 2, 3, 1, 1, 7, 1796039507176, 3636843359559343912, 3636843359559343912, '13756f71330967d89eacdc782091a741', NULL, NULL, 0);
INSERT INTO document VALUES (5, 0, 19, 1772445600000, 2, 3, 1, 1, 10, 1796039507176, -2171448421351310275, -2171448421351310275, '9b86fb9f978ccc9aadf877842e4a143f', NULL, NULL, 0);
INSERT INTO record VALUES (1, CAST('{"v":1,"type":"article","id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","source":"drop","uri":"urn:ferry:1","version":"1","kind":"text","pub_status":"usable","title":"Ferry is late","body":"The ferry of the morning leaves an hour late, since the pier is under water.","language":"en","section":"Traffic","published":"2026-03-02T06:00:00Z","published_raw":"2026-03-02T06:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":1,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO record VALUES (2, CAST('{"v":1,"type":"article","id":"e4b67d44e8afd9bbd0bac326faa3b077","source":"drop","uri":"urn:ferry:1","version":"2","kind":"text","pub_status":"usable","title":"Ferry runs again","body":"The ferry of the morning leaves on time, since the water has gone down.","language":"en","section":"Traffic","published":"2026-03-02T08:00:00Z","published_raw":"2026-03-02T08:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":2,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO record VALUES (4, CAST('{"v":1,"type":"article","id":"13756f71330967d89eacdc782091a741","source":"drop","kind":"text","pub_status":"usable","title":"Wheat","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat.txt","sha256":"f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561","part":1,"bytes":109,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.175Z","language_confidence":0.95}}' AS BLOB));
INSERT INTO record VALUES (5, CAST('{"v":1,"type":"article","id":"9b86fb9f978ccc9aadf877842e4a143f","source":"drop","kind":"text","pub_status":"usable","title":"Wheat again","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat-again.txt","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","part":1,"bytes":115,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.176Z","language_confidence":0.96}}' AS BLOB));
INSERT INTO killed VALUES ('drop', 'urn:mill:1', 1, 1, 4);
CREATE VIRTUAL TABLE article_text USING fts5(
    title, text, byline, keywords, content='', columnsize=0, tokenize='dropwire');
DELETE FROM article_text_data;
DELETE FROM article_text_config;
INSERT INTO article_text_data VALUES (1, x'0306300001');
INSERT INTO article_text_data VALUES (10, x'000000010101010001010101');
INSERT INTO article_text_data VALUES (137438953473, x'000001d302306104060101100106010110020466746572040601010f010601010f02046761696e0202040302030102627904060101070106010107010463656e74040601010a010601010a0104646f776e020601010f020272690406010111010601011103017904060101110106010111010765786368616e67040601010d010601010d080165040601010d010601010d010566657272690208020101030501790208020101030104676f6e65020601010e0103686173020601010d01046c656176020601010705026573020601010701046d6f726e02060101060503696e67020601010601026f6602060101040206010104010601010402016e0206010108020601010b010601010b010370657204060101090106010109020472696365040601010301060101030104726f7365040601010601060101060202756e020203040173020203010473696e63020601010a050165020601010a0103746865020a010102050802080101020c01080101020c0203696d65020601010902046f646179040601010e010601010e020672616666696302060103020202776f0406010108010601010801057761746572020601010c020365656b04060101120106010112020468656174040802010105010802010105040d100c0e100b0e0d130d0d090b0a0b090b0a13120f101007060b08180a100d0e0c0f');
INSERT INTO article_text_idx VALUES (1, x'', 2);
INSERT INTO article_text_config VALUES ('hashsize', 16777216);
INSERT INTO article_text_config VALUES ('version', 4);
UPDATE sqlite_sequence SET seq=5 WHERE name='document';
