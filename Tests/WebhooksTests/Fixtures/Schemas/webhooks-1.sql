-- Outbox of webhooks.
CREATE TABLE webhook(
    name TEXT PRIMARY KEY, stream TEXT NOT NULL, seq INTEGER NOT NULL, delivered INTEGER NOT NULL DEFAULT 0,
    withdrawn INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0, trouble TEXT) WITHOUT ROWID;
CREATE TABLE delivery(
    row INTEGER PRIMARY KEY, webhook TEXT NOT NULL, id TEXT NOT NULL, match BLOB NOT NULL,
    made_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
    is_dead INTEGER NOT NULL DEFAULT 0, reason TEXT);
CREATE INDEX delivery_due ON delivery(webhook, is_dead, due_ms, row);
INSERT INTO webhook VALUES ('desk', 'a52db357-6756-4c3c-82e8-7861e5a264be', 3, 2, 0, 0, NULL);
INSERT INTO delivery VALUES (1, 'desk', 'a52db357-6756-4c3c-82e8-7861e5a264be-3',
    CAST('{"v":1,"type":"match","search":"floods"}' AS BLOB), 1796039453730, 1796039453730, 0, 0, NULL);
PRAGMA user_version=1;
