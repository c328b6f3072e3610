-- A worker's outbox: results go when they are stored.
CREATE TABLE worker_cursor(
    stream TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE TABLE outbox(id INTEGER PRIMARY KEY AUTOINCREMENT, row BLOB NOT NULL);
CREATE TABLE failure(
    stream TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL,
    attempts INTEGER NOT NULL, due_ms INTEGER NOT NULL, is_dead INTEGER NOT NULL, reason TEXT NOT NULL,
    rec BLOB NOT NULL, PRIMARY KEY(stream, epoch, seq)) WITHOUT ROWID;
INSERT INTO worker_cursor VALUES ('e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 11, 1796039507176);
INSERT INTO outbox VALUES (1, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":1,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"3deb27a8b7e8aee21da7ff9c14bcc3a3","data":{"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"unique"}}' AS BLOB));
INSERT INTO outbox VALUES (2, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":2,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"e4b67d44e8afd9bbd0bac326faa3b077","data":{"containment":0.1538,"first":"3deb27a8b7e8aee21da7ff9c14bcc3a3","first_seq":1,"similarity":0.08,"story":"3deb27a8b7e8aee21da7ff9c14bcc3a3","verdict":"revision"}}' AS BLOB));
INSERT INTO outbox VALUES (3, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":3,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507342,"id":"9fdc9cd3cf61dfd619f5f128994db4b4","data":{"story":"9fdc9cd3cf61dfd619f5f128994db4b4","verdict":"unique"}}' AS BLOB));
INSERT INTO outbox VALUES (4, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":7,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507343,"id":"13756f71330967d89eacdc782091a741","data":{"story":"13756f71330967d89eacdc782091a741","verdict":"unique"}}' AS BLOB));
INSERT INTO outbox VALUES (5, CAST('{"v":1,"type":"result","kind":"deduplicate","stream":"e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd","epoch":1,"seq":10,"gen":1,"attempt":1,"status":"ok","time_ms":1796039507344,"id":"9b86fb9f978ccc9aadf877842e4a143f","data":{"containment":1.0,"first":"13756f71330967d89eacdc782091a741","first_seq":7,"new_sentences":[],"similarity":0.9333,"story":"13756f71330967d89eacdc782091a741","verdict":"near"}}' AS BLOB));
INSERT INTO failure VALUES ('ed4f4f66-8b4b-4615-b4d1-f32f86fb9333', 1, 4, 1796039453648, 5, 0, 1, 'no words',
    CAST('{"v":1,"type":"article"}' AS BLOB));
PRAGMA user_version=1;
