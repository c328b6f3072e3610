-- Saved searches: before they had a version.
CREATE TABLE saved_search(
    name TEXT PRIMARY KEY, query TEXT NOT NULL, created_ms INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO saved_search VALUES ('floods', 'flood* OR "high water"', 1796039453730);
PRAGMA user_version=0;
