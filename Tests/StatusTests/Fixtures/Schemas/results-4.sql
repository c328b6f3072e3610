-- Store of results: Several watchers: what is in quarantine has a stream.
CREATE TABLE meta(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE epoch(epoch INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL);
CREATE TABLE topic(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE log(
    seq INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, topic INTEGER NOT NULL, rec BLOB NOT NULL);
CREATE INDEX log_topic ON log(topic, seq);
CREATE TABLE stream(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE cursor(
    stream INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL);
CREATE TABLE article(
    row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, id BLOB NOT NULL, source TEXT NOT NULL, uri TEXT, title TEXT,
    language TEXT NOT NULL, published_ms INTEGER, received_ms INTEGER, path TEXT, standing INTEGER NOT NULL,
    version TEXT, warning TEXT, record BLOB NOT NULL, UNIQUE(stream, epoch, seq));
CREATE INDEX article_id ON article(id);
CREATE INDEX article_source ON article(source, row);
CREATE INDEX article_versions ON article(uri, source, standing) WHERE uri IS NOT NULL;
CREATE INDEX article_path ON article(path);
CREATE TABLE killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri))
    WITHOUT ROWID;
CREATE TABLE kill(
    row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, source TEXT NOT NULL, uri TEXT NOT NULL, record BLOB NOT NULL,
    UNIQUE(stream, epoch, seq));
CREATE INDEX kill_uri ON kill(uri, source);
CREATE TABLE file(
    row INTEGER PRIMARY KEY, stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, outcome TEXT NOT NULL,
    first_seq INTEGER, last_seq INTEGER, record BLOB NOT NULL, UNIQUE(stream, epoch, seq));
CREATE INDEX file_path ON file(path);
CREATE TABLE quarantine(
    stream INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, time_ms INTEGER NOT NULL,
    record BLOB NOT NULL, PRIMARY KEY(stream, directory, path));
CREATE INDEX quarantine_time ON quarantine(time_ms);
CREATE TABLE quarantine_gone(
    stream INTEGER NOT NULL, directory TEXT NOT NULL, path TEXT NOT NULL, part INTEGER NOT NULL,
    PRIMARY KEY(stream, directory, path, part)) WITHOUT ROWID;
        CREATE TABLE kind(id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
CREATE TABLE result(
    stream INTEGER NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, kind INTEGER NOT NULL,
    gen INTEGER NOT NULL, attempt INTEGER NOT NULL, status TEXT NOT NULL, time_ms INTEGER NOT NULL,
    verdict TEXT, dead INTEGER NOT NULL, record BLOB NOT NULL, places TEXT,
    PRIMARY KEY(stream, epoch, seq, kind)) WITHOUT ROWID;
CREATE TABLE total(name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE minute(
    minute INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY(minute, name))
    WITHOUT ROWID;
INSERT INTO meta VALUES ('head', 0);
INSERT INTO meta VALUES ('log_schema', 1);
INSERT INTO meta VALUES ('status_schema', 4);
INSERT INTO meta VALUES ('stream', '11dc40b4-e595-4cd9-8ea1-76d060ed2437');
INSERT INTO epoch VALUES (1, 1);
INSERT INTO topic VALUES (1, 'result/summarize/');
INSERT INTO topic VALUES (2, 'result/index/');
INSERT INTO topic VALUES (3, 'result/deduplicate/');
INSERT INTO log VALUES (1, 1796039507356, 1, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507337,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"by":"extract","phrases":[],"summary":["The ferry of the morning leaves an hour late, since the pier is under water."]}}' AS BLOB));
INSERT INTO log VALUES (2, 1796039507356, 1, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507354,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"by":"extract","phrases":[],"summary":["The ferry of the morning leaves on time, since the water has gone down."]}}' AS BLOB));
INSERT INTO log VALUES (3, 1796039507356, 1, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"skipped","time_ms":1796039507354,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"reason":"its publisher has withdrawn it"}}' AS BLOB));
INSERT INTO log VALUES (4, 1796039507356, 1, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507355,"id":"13756f71330967d89eacdc782091a741","data":{"by":"extract","phrases":[],"summary":["The price of wheat rose by two per cent on the exchange today, after a dry week."]}}' AS BLOB));
INSERT INTO log VALUES (5, 1796039507356, 1, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507355,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"by":"extract","phrases":[],"summary":["The price of wheat rose by two per cent on the exchange today, after a dry week."]}}' AS BLOB));
INSERT INTO log VALUES (6, 1796039507385, 2, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507360,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"action":"indexed","words":19}}' AS BLOB));
INSERT INTO log VALUES (7, 1796039507385, 2, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507369,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"action":"replaced","words":18}}' AS BLOB));
INSERT INTO log VALUES (8, 1796039507385, 2, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"action":"indexed","words":20}}' AS BLOB));
INSERT INTO log VALUES (9, 1796039507385, 2, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"13756f71330967d89eacdc782091a741","data":{"action":"indexed","words":18}}' AS BLOB));
INSERT INTO log VALUES (10, 1796039507386, 2, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"action":"indexed","words":19}}' AS BLOB));
INSERT INTO log VALUES (11, 1796039507426, 3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"unique"}}' AS BLOB));
INSERT INTO log VALUES (12, 1796039507426, 3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"containment":0.1538,"first":"3deb27a8b7e8aee21da7ff9c14bcc3a3","first_seq":1,"similarity":0.08,"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"revision"}}' AS BLOB));
INSERT INTO log VALUES (13, 1796039507426, 3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"story":"9fdc9cd3cf61dfd619f5f128994db4b4","verdict":"unique"}}' AS BLOB));
INSERT INTO log VALUES (14, 1796039507426, 3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507343,"id":"13756f71330967d89eacdc782091a741","data":{"story":"13756f71330967d89eacdc782091a741","verdict":"unique"}}' AS BLOB));
INSERT INTO log VALUES (15, 1796039507426, 3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507344,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"containment":1.0,"first":"13756f71330967d89eacdc782091a741","first_seq":7,"new_sentences":[],"similarity":0.9333,"story":"13756f71330967d89eacdc782091a741","verdict":"near"}}' AS BLOB));
INSERT INTO stream VALUES (1, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd');
INSERT INTO cursor VALUES (1, 1, 11, 1796039507176);
INSERT INTO article VALUES (1, 1, 1, 1, 1796039507176, x'3deb27a8b7e8aee21da7ff9c14bcc3a3', 'drop', 'urn:ferry:1', 'Ferry is late', 'en', 1772431200000, 1796039507157, 'wire.json', 1, '1', NULL, CAST('{"v":1,"type":"article","id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","source":"drop","uri":"urn:ferry:1","version":"1","kind":"text","pub_status":"usable","title":"Ferry is late","body":"The ferry of the morning leaves an hour late, since the pier is under water.","language":"en","section":"Traffic","published":"2026-03-02T06:00:00Z","published_raw":"2026-03-02T06:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":1,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO article VALUES (2, 1, 1, 2, 1796039507176, x'e4b67d44e8afd9bbd0bac326faa3b077', 'drop', 'urn:ferry:1', 'Ferry runs again', 'en', 1772438400000, 1796039507157, 'wire.json', 0, '2', NULL, CAST('{"v":1,"type":"article","id":"e4b67d44e8afd9bbd0bac326faa3b077","source":"drop","uri":"urn:ferry:1","version":"2","kind":"text","pub_status":"usable","title":"Ferry runs again","body":"The ferry of the morning leaves on time, since the water has gone down.","language":"en","section":"Traffic","published":"2026-03-02T08:00:00Z","published_raw":"2026-03-02T08:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":2,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO article VALUES (3, 1, 1, 3, 1796039507176, x'9fdc9cd3cf61dfd619f5f128994db4b4', 'drop', 'urn:mill:1', 'Mill for sale', 'en', 1772442000000, 1796039507157, 'wire.json', 3, '1', NULL, CAST('{"v":1,"type":"article","id":"9fdc9cd3cf61dfd619f5f128994db4b4","source":"drop","uri":"urn:mill:1","version":"1","kind":"text","pub_status":"usable","title":"Mill for sale","body":"The old mill at the river is for sale, with its wheel and two acres of land.","language":"en","published":"2026-03-02T09:00:00Z","published_raw":"2026-03-02T09:00:00Z","ingest":{"path":"wire.json","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","part":3,"bytes":685,"format":"json","encoding":"utf-8","received":"2026-11-30T11:51:47.157Z"}}' AS BLOB));
INSERT INTO article VALUES (4, 1, 1, 7, 1796039507176, x'13756f71330967d89eacdc782091a741', 'drop', NULL, 'Wheat', 'en', 1772445600000, 1796039507175, 'wheat.txt', 0, NULL, NULL, CAST('{"v":1,"type":"article","id":"13756f71330967d89eacdc782091a741","source":"drop","kind":"text","pub_status":"usable","title":"Wheat","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat.txt","sha256":"f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561","part":1,"bytes":109,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.175Z","language_confidence":0.95}}' AS BLOB));
INSERT INTO article VALUES (5, 1, 1, 10, 1796039507176, x'9b86fb9f978ccc9aadf877842e4a143f', 'drop', NULL, 'Wheat again', 'en', 1772445600000, 1796039507176, 'wheat-again.txt', 0, NULL, NULL, CAST('{"v":1,"type":"article","id":"9b86fb9f978ccc9aadf877842e4a143f","source":"drop","kind":"text","pub_status":"usable","title":"Wheat again","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat-again.txt","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","part":1,"bytes":115,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.176Z","language_confidence":0.96}}' AS BLOB));
INSERT INTO killed VALUES ('drop', 'urn:mill:1');
INSERT INTO kill VALUES (1, 1, 1, 4, 1796039507176, 'drop', 'urn:mill:1', CAST('{"v":1,"type":"kill","source":"drop","uri":"urn:mill:1","language":"und","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO kill VALUES (2, 1, 1, 5, 1796039507176, 'drop', 'urn:mill:1', CAST('{"v":1,"type":"kill","source":"drop","uri":"urn:mill:1","language":"und","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO file VALUES (1, 1, 1, 6, 1796039507176, '/srv/dropwire/incoming', 'wire.json', 'published', 1, 5, CAST('{"v":1,"type":"file","source":"drop","path":"wire.json","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"be60507878f4f53aada9e45a0752b0e9f34bcd828e6d09b10c0ce4d17d945035","bytes":685,"format":"json","articles":4,"failed_parts":0,"first_seq":1,"last_seq":5,"article_id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","received":"2026-11-30T11:51:47.157Z"}' AS BLOB));
INSERT INTO file VALUES (2, 1, 1, 8, 1796039507176, '/srv/dropwire/incoming', 'wheat.txt', 'published', 7, 7, CAST('{"v":1,"type":"file","source":"drop","path":"wheat.txt","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"f96042ab83aa37d577dc466fd1fdcd1d5e83caacd69c76cbf66c432237858561","bytes":109,"format":"native","articles":1,"failed_parts":0,"first_seq":7,"last_seq":7,"article_id":"13756f71330967d89eacdc782091a741","received":"2026-11-30T11:51:47.175Z"}' AS BLOB));
INSERT INTO file VALUES (3, 1, 1, 9, 1796039507176, '/srv/dropwire/incoming', 'broken.txt', 'quarantined', NULL, NULL, CAST('{"v":1,"type":"file","source":"drop","path":"broken.txt","directory":"/srv/dropwire/incoming","outcome":"quarantined","code":"binary","message":"parse as native: byte 0: there is a NUL, so this is not text","sha256":"ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc","bytes":3,"articles":0,"failed_parts":0,"received":"2026-11-30T11:51:47.176Z"}' AS BLOB));
INSERT INTO file VALUES (4, 1, 1, 11, 1796039507176, '/srv/dropwire/incoming', 'wheat-again.txt', 'published', 10, 10, CAST('{"v":1,"type":"file","source":"drop","path":"wheat-again.txt","directory":"/srv/dropwire/incoming","outcome":"published","code":"ok","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","bytes":115,"format":"native","articles":1,"failed_parts":0,"first_seq":10,"last_seq":10,"article_id":"9b86fb9f978ccc9aadf877842e4a143f","received":"2026-11-30T11:51:47.176Z"}' AS BLOB));
INSERT INTO quarantine VALUES (1, '/srv/dropwire/incoming', 'broken.txt', 1796039507176, CAST('{"v":1,"type":"file","source":"drop","path":"broken.txt","directory":"/srv/dropwire/incoming","outcome":"quarantined","code":"binary","message":"parse as native: byte 0: there is a NUL, so this is not text","sha256":"ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc","bytes":3,"articles":0,"failed_parts":0,"received":"2026-11-30T11:51:47.176Z"}' AS BLOB));
INSERT INTO kind VALUES (1, 'summarize');
INSERT INTO kind VALUES (2, 'index');
INSERT INTO kind VALUES (3, 'deduplicate');
INSERT INTO result VALUES (1, 1, 1, 1, 1, 1, 'ok', 1796039507337, NULL, 0, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507337,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"by":"extract","phrases":[],"summary":["The ferry of the morning leaves an hour late, since the pier is under water."]}}' AS BLOB), '1');
INSERT INTO result VALUES (1, 1, 1, 2, 1, 1, 'ok', 1796039507360, NULL, 0, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507360,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"action":"indexed","words":19}}' AS BLOB), '6');
INSERT INTO result VALUES (1, 1, 1, 3, 1, 1, 'ok', 1796039507342, 'unique', 0, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"unique"}}' AS BLOB), '11');
INSERT INTO result VALUES (1, 1, 2, 1, 1, 1, 'ok', 1796039507354, NULL, 0, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507354,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"by":"extract","phrases":[],"summary":["The ferry of the morning leaves on time, since the water has gone down."]}}' AS BLOB), '2');
INSERT INTO result VALUES (1, 1, 2, 2, 1, 1, 'ok', 1796039507369, NULL, 0, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507369,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"action":"replaced","words":18}}' AS BLOB), '7');
INSERT INTO result VALUES (1, 1, 2, 3, 1, 1, 'ok', 1796039507342, 'revision', 0, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"containment":0.1538,"first":"3deb27a8b7e8aee21da7ff9c14bcc3a3","first_seq":1,"similarity":0.08,"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"revision"}}' AS BLOB), '12');
INSERT INTO result VALUES (1, 1, 3, 1, 1, 1, 'skipped', 1796039507354, NULL, 0, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"skipped","time_ms":1796039507354,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"reason":"its publisher has withdrawn it"}}' AS BLOB), '3');
INSERT INTO result VALUES (1, 1, 3, 2, 1, 1, 'ok', 1796039507370, NULL, 0, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"action":"indexed","words":20}}' AS BLOB), '8');
INSERT INTO result VALUES (1, 1, 3, 3, 1, 1, 'ok', 1796039507342, 'unique', 0, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"story":"9fdc9cd3cf61dfd619f5f128994db4b4","verdict":"unique"}}' AS BLOB), '13');
INSERT INTO result VALUES (1, 1, 7, 1, 1, 1, 'ok', 1796039507355, NULL, 0, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507355,"id":"13756f71330967d89eacdc782091a741","data":{"by":"extract","phrases":[],"summary":["The price of wheat rose by two per cent on the exchange today, after a dry week."]}}' AS BLOB), '4');
INSERT INTO result VALUES (1, 1, 7, 2, 1, 1, 'ok', 1796039507370, NULL, 0, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"13756f71330967d89eacdc782091a741","data":{"action":"indexed","words":18}}' AS BLOB), '9');
INSERT INTO result VALUES (1, 1, 7, 3, 1, 1, 'ok', 1796039507343, 'unique', 0, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507343,"id":"13756f71330967d89eacdc782091a741","data":{"story":"13756f71330967d89eacdc782091a741","verdict":"unique"}}' AS BLOB), '14');
INSERT INTO result VALUES (1, 1, 10, 1, 1, 1, 'ok', 1796039507355, NULL, 0, CAST('{"v":1,"type":"result","kind":"summarize","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507355,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"by":"extract","phrases":[],"summary":["The price of wheat rose by two per cent on the exchange today, after a dry week."]}}' AS BLOB), '5');
INSERT INTO result VALUES (1, 1, 10, 2, 1, 1, 'ok', 1796039507370, NULL, 0, CAST('{"v":1,"type":"result","kind":"index","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507370,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"action":"indexed","words":19}}' AS BLOB), '10');
INSERT INTO result VALUES (1, 1, 10, 3, 1, 1, 'ok', 1796039507344, 'near', 0, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507344,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"containment":1.0,"first":"13756f71330967d89eacdc782091a741","first_seq":7,"new_sentences":[],"similarity":0.9333,"story":"13756f71330967d89eacdc782091a741","verdict":"near"}}' AS BLOB), '15');
INSERT INTO total VALUES ('articles', 5);
INSERT INTO total VALUES ('files/published', 3);
INSERT INTO total VALUES ('files/quarantined', 1);
INSERT INTO total VALUES ('kills', 2);
INSERT INTO total VALUES ('result/deduplicate/ok', 5);
INSERT INTO total VALUES ('result/index/ok', 5);
INSERT INTO total VALUES ('result/summarize/ok', 4);
INSERT INTO total VALUES ('result/summarize/skipped', 1);
INSERT INTO total VALUES ('verdict/deduplicate/near', 1);
INSERT INTO total VALUES ('verdict/deduplicate/revision', 1);
INSERT INTO total VALUES ('verdict/deduplicate/unique', 3);
INSERT INTO minute VALUES (29933991, 'articles', 5);
INSERT INTO minute VALUES (29933991, 'deduplicate', 5);
INSERT INTO minute VALUES (29933991, 'files', 4);
INSERT INTO minute VALUES (29933991, 'index', 5);
INSERT INTO minute VALUES (29933991, 'kills', 2);
INSERT INTO minute VALUES (29933991, 'summarize', 5);
