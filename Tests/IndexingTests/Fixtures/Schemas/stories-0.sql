-- Stories: before they had a version.
CREATE TABLE story_link(
    number INTEGER PRIMARY KEY AUTOINCREMENT, article TEXT NOT NULL, story TEXT NOT NULL,
    generation INTEGER NOT NULL, UNIQUE(article, story));
CREATE TABLE story_cursor(
    stream TEXT PRIMARY KEY, epoch INTEGER NOT NULL, seq INTEGER NOT NULL, time_ms INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE TABLE story_revision(revision INTEGER NOT NULL);
INSERT INTO story_cursor VALUES ('11dc40b4-e595-4cd9-8ea1-76d060ed2437', 1, 15, 1796039507426);
INSERT INTO story_link VALUES (1, 'e4b67d44e8afd9bbd0bac326faa3b077', '3deb27a8b7e8aee21da7ff9c14bcc3a3', 1);
INSERT INTO story_link VALUES (2, '9b86fb9f978ccc9aadf877842e4a143f', '13756f71330967d89eacdc782091a741', 1);
INSERT INTO story_revision VALUES (0);
PRAGMA user_version=0;
