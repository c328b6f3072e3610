-- Log and ledger: as they are.
CREATE TABLE meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE epoch(epoch INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL);
CREATE TABLE topic(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE log(
    seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, topic INTEGER NOT NULL, rec BLOB NOT NULL);
CREATE INDEX log_topic ON log(topic, seq);
CREATE TABLE directory(id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL);
CREATE TABLE ledger(
    id INTEGER PRIMARY KEY, directory INTEGER NOT NULL, path BLOB NOT NULL, inode INTEGER NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL, sha256 BLOB, digest INTEGER, state INTEGER NOT NULL,
    outcome TEXT NOT NULL, code TEXT NOT NULL, message TEXT NOT NULL, time_ms INTEGER NOT NULL,
    parts_done INTEGER NOT NULL, first_seq INTEGER NOT NULL);
CREATE INDEX ledger_path ON ledger(directory, path) WHERE state<>2;
CREATE TABLE content(
    digest INTEGER NOT NULL, directory INTEGER NOT NULL, row INTEGER NOT NULL,
    PRIMARY KEY(digest, directory)) WITHOUT ROWID;
CREATE TABLE content_merged(row INTEGER NOT NULL);
CREATE TABLE open_file(
    row INTEGER PRIMARY KEY, articles INTEGER NOT NULL, failed INTEGER NOT NULL, kept_whole INTEGER NOT NULL,
    first_seq INTEGER, last_seq INTEGER, article_id TEXT, ignored TEXT, format TEXT NOT NULL);
CREATE TABLE failed_part(
    row INTEGER NOT NULL, part INTEGER NOT NULL, member TEXT, code TEXT NOT NULL, message TEXT NOT NULL,
    sha256 BLOB, PRIMARY KEY(row, part)) WITHOUT ROWID;
CREATE TABLE entry(
    directory INTEGER NOT NULL, key BLOB NOT NULL, met_ms INTEGER NOT NULL,
    PRIMARY KEY(directory, key)) WITHOUT ROWID;
CREATE TABLE companion(
    row INTEGER NOT NULL, path BLOB NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, PRIMARY KEY(row, path)) WITHOUT ROWID;
CREATE TABLE quarantine_reason(id INTEGER PRIMARY KEY, reason BLOB NOT NULL);
CREATE TABLE retry(
    directory INTEGER NOT NULL, path BLOB NOT NULL, attempts INTEGER NOT NULL,
    PRIMARY KEY(directory, path)) WITHOUT ROWID;
CREATE TABLE held(
    row INTEGER PRIMARY KEY, until_ms INTEGER NOT NULL, key TEXT UNIQUE NOT NULL, id TEXT NOT NULL,
    source TEXT NOT NULL, uri TEXT, version TEXT, file INTEGER NOT NULL, part INTEGER NOT NULL,
    topic TEXT NOT NULL, record BLOB NOT NULL);
CREATE INDEX held_until ON held(until_ms, row);
CREATE INDEX held_id ON held(id);
CREATE INDEX held_by_file ON held(file, until_ms);
CREATE TABLE held_file(
    file INTEGER PRIMARY KEY, held INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0,
    early INTEGER NOT NULL DEFAULT 0, superseded INTEGER NOT NULL DEFAULT 0, code TEXT, first_seq INTEGER,
    last_seq INTEGER, article_id TEXT, held_seq INTEGER, topic TEXT, record BLOB);
CREATE TABLE killed(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased_file(
    sha256 BLOB PRIMARY KEY, is_due INTEGER NOT NULL, is_sticky INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX erased_file_due ON erased_file(is_due) WHERE is_due=1;
CREATE TABLE erasure_book(bytes INTEGER NOT NULL, number INTEGER NOT NULL);
CREATE TABLE due_erasure(
    id TEXT PRIMARY KEY, due_ms INTEGER NOT NULL, cause TEXT NOT NULL, seqs TEXT NOT NULL, source TEXT NOT NULL,
    topic TEXT NOT NULL, files TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX due_erasure_time ON due_erasure(due_ms);
CREATE TABLE pause(directory INTEGER PRIMARY KEY, since_ms INTEGER NOT NULL);
INSERT INTO meta VALUES ('head', 11);
INSERT INTO meta VALUES ('log_schema', 1);
INSERT INTO meta VALUES ('stream', 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd');
INSERT INTO epoch VALUES (1, 1);
INSERT INTO topic VALUES (1, 'art/drop/en/');
INSERT INTO topic VALUES (2, 'art/drop/und/');
INSERT INTO topic VALUES (3, 'file/drop/published/');
INSERT INTO topic VALUES (4, 'file/drop/quarantined/');
INSERT INTO log VALUES (1, 1796039507176, 1, CAST('{"v":1,"type":"article","id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","source":"drop","uri":"urn:ferry:1","version":"1","kind":"text","pub_status":"usable","title":"Ferry is late","body":"The ferry of the morning leaves an hour late, since the pier is under water.","language":"en","section":"Traffic","published":"2026-03-02T06:00:00Z","published_raw":"2026-03-02T06:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":1,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO log VALUES (2, 1796039507176, 1, CAST('{"v":1,"type":"article","id":"e4b67d44e8afd9bbd0bac326faa3b077","source":"drop","uri":"urn:ferry:1","version":"2","kind":"text","pub_status":"usable","title":"Ferry runs again","body":"The ferry of the morning leaves on time, since the water has gone down.","language":"en","section":"Traffic","published":"2026-03-02T08:00:00Z","published_raw":"2026-03-02T08:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":2,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO log VALUES (3, 1796039507176, 1, CAST('{"v":1,"type":"article","id":"9fdc9cd3cf61dfd619f5f128994db4b4","source":"drop","uri":"urn:mill:1","version":"1","kind":"text","pub_status":"usable","title":"Mill for sale","body":"The old mill at the river is for sale, with its wheel and two acres of land.","language":"en","published":"2026-03-02T09:00:00Z","published_raw":"2026-03-02T09:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":3,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO log VALUES (4, 1796039507176, 2, CAST('{"v":1,"type":"kill","source":"drop","uri":"urn:mill:1","language":"und","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO log VALUES (5, 1796039507176, 1, CAST('{"v":1,"type":"kill","source":"drop","uri":"urn:mill:1","language":"und","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO log VALUES (6, 1796039507176, 3, CAST('{"v":1,"type":"file","source":"drop","path":"wire.json","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","bytes":685,"format":"json","articles":4,"failed_parts":0,"first_seq":1,"last_seq":5,"article_id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO log VALUES (7, 1796039507176, 1, CAST('{"v":1,"type":"article","id":"13756f71330967d89eacdc782091a741","source":"drop","kind":"text","pub_status":"usable","title":"Wheat","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat.txt","sha256":"f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561","part":1,"bytes":109,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.175Z","language_confidence":0.95}}' AS BLOB));
INSERT INTO log VALUES (8, 1796039507176, 3, CAST('{"v":1,"type":"file","source":"drop","path":"wheat.txt","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561","bytes":109,"format":"native","articles":1,"failed_parts":0,"first_seq":7,"last_seq":7,"article_id":"13756f71330967d89eacdc782091a741","received":"2026-11-30T11:51:47.175Z"}' AS BLOB));
INSERT INTO log VALUES (9, 1796039507176, 4, CAST('{"v":1,"type":"file","source":"drop","path":"broken.txt","directory":"/srv/dropwire/incoming","outcome":"quarantined","code":"binary","message":"parse as native: byte 0: there is a NUL, so this is not text","sha256":"ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc","bytes":3,"articles":0,"failed_parts":0,"received":"2026-11-30T11:51:47.176Z"}' AS BLOB));
INSERT INTO log VALUES (10, 1796039507176, 1, CAST('{"v":1,"type":"article","id":"9b86fb9f978ccc9aadf877842e4a143f","source":"drop","kind":"text","pub_status":"usable","title":"Wheat again","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat-again.txt","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","part":1,"bytes":115,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.176Z","language_confidence":0.96}}' AS BLOB));
INSERT INTO log VALUES (11, 1796039507176, 3, CAST('{"v":1,"type":"file","source":"drop","path":"wheat-again.txt","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","bytes":115,"format":"native","articles":1,"failed_parts":0,"first_seq":10,"last_seq":10,"article_id":"9b86fb9f978ccc9aadf877842e4a143f","received":"2026-11-30T11:51:47.176Z"}' AS BLOB));
INSERT INTO directory VALUES (1, '/srv/dropwire/incoming');
INSERT INTO ledger VALUES (1, 1, CAST('wire.json' AS BLOB), 16263859, 685, 1796039504743179275, x'be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035', -4728691130383403718, 2, 'published', 'ok', '', 1796039507157, 4, 1);
INSERT INTO ledger VALUES (2, 1, CAST('wheat.txt' AS BLOB), 16263860, 109, 1796039504770929948, x'f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561', -477308256085461035, 2, 'published', 'ok', '', 1796039507175, 1, 7);
INSERT INTO ledger VALUES (3, 1, CAST('broken.txt' AS BLOB), 16263864, 3, 1796039504782929948, x'ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc', NULL, 2, 'quarantined', 'binary', 'parse as native: byte 0: there is a NUL, so this is not text', 1796039507176, 0, 0);
INSERT INTO ledger VALUES (4, 1, CAST('wheat-again.txt' AS BLOB), 16263861, 115, 1796039504782929948, x'06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3', 498610835115242132, 2, 'published', 'ok', '', 1796039507176, 1, 10);
INSERT INTO killed VALUES ('dropurn:mill:1');
INSERT INTO content_merged VALUES (0);
INSERT INTO held VALUES (1, 1796200000000, 'drop' || char(31) || 'urn:well:1', '00112233445566778899aabbccddeeff', 'drop',
    'urn:well:1', '1', 3, 2, 'art/drop/en/', CAST('{"v":1,"type":"article"}' AS BLOB));
INSERT INTO held_file(file, held) VALUES (3, 1);
INSERT INTO erased VALUES ('drop' || char(31) || 'urn:gone:1');
PRAGMA user_version=2;
