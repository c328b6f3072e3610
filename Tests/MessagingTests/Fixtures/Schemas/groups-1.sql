-- Groups and consumers of a log: The first.
CREATE TABLE work_group(
    name TEXT PRIMARY KEY, topics TEXT NOT NULL, high INTEGER NOT NULL, max_attempts INTEGER NOT NULL,
    is_paused INTEGER NOT NULL DEFAULT 0);
CREATE TABLE work(
    name TEXT NOT NULL, seq INTEGER NOT NULL, attempt INTEGER NOT NULL, owner TEXT, length_ms INTEGER
    NOT NULL, PRIMARY KEY(name, seq)) WITHOUT ROWID;
CREATE TABLE dead(
    name TEXT NOT NULL, seq INTEGER NOT NULL, attempts INTEGER NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY(name, seq)) WITHOUT ROWID;
CREATE TABLE consumer(name TEXT PRIMARY KEY, seq INTEGER NOT NULL);
CREATE TABLE seen(epoch INTEGER NOT NULL);
INSERT INTO work_group VALUES ('summarize', 'art/', 11, 5, 0);
INSERT INTO consumer VALUES ('index', 9);
INSERT INTO work VALUES ('summarize', 10, 2, 'host/1', 30000);
INSERT INTO dead VALUES ('summarize', 4, 5, 'no words');
INSERT INTO seen VALUES (1);
PRAGMA user_version=1;
