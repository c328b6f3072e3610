-- Deduplicator: What a near duplicate adds, and lines that are counted.
CREATE TABLE dedup_meta(k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE dedup_document(
    doc INTEGER PRIMARY KEY, stream TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    time_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, id BLOB NOT NULL, uri_key INTEGER NOT NULL,
    version TEXT, verdict TEXT NOT NULL, first_id BLOB, first_seq INTEGER, similarity REAL NOT NULL,
    containment REAL NOT NULL, story INTEGER NOT NULL, story_id BLOB NOT NULL, sketch INTEGER,
    traits INTEGER NOT NULL DEFAULT 0, added TEXT);
CREATE UNIQUE INDEX dedup_document_position ON dedup_document(stream, epoch, seq);
CREATE INDEX dedup_document_seen ON dedup_document(seen_ms);
CREATE TABLE dedup_sketch(
    doc INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, size INTEGER NOT NULL, keys BLOB NOT NULL,
    lines BLOB);
CREATE TABLE dedup_shingles(doc INTEGER PRIMARY KEY, shingles BLOB NOT NULL);
CREATE TABLE dedup_merge(story INTEGER PRIMARY KEY, into_story INTEGER NOT NULL,
    into_id BLOB NOT NULL);
CREATE TABLE dedup_killed(source TEXT NOT NULL, uri TEXT NOT NULL, PRIMARY KEY(source, uri))
    WITHOUT ROWID;
CREATE TABLE dedup_hidden(key INTEGER PRIMARY KEY, cause INTEGER NOT NULL);
CREATE TABLE dedup_record(
    doc INTEGER PRIMARY KEY, story INTEGER NOT NULL, topic TEXT NOT NULL, record BLOB NOT NULL);
CREATE INDEX dedup_record_story ON dedup_record(story);
CREATE INDEX dedup_document_uri ON dedup_document(uri_key) WHERE uri_key<>0;
CREATE INDEX dedup_document_copy ON dedup_document(sketch) WHERE sketch<>doc;
CREATE INDEX dedup_document_story ON dedup_document(story) WHERE verdict<>'unique';
INSERT INTO dedup_meta VALUES ('bands', 21);
INSERT INTO dedup_meta VALUES ('rows', 6);
INSERT INTO dedup_meta VALUES ('version', 3);
INSERT INTO dedup_killed VALUES ('drop', 'urn:mill:1');
INSERT INTO dedup_hidden VALUES (5353387541506067985, 1);
INSERT INTO dedup_document VALUES (1, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 1, 1796039507176, 1796039507176, x'3deb27a8b7e8aee21da7ff9c14bcc3a3', -5137583806307534143, '1', 'unique', NULL, NULL, 0.0, 0.0, 1, x'3deb27a8b7e8aee21da7ff9c14bcc3a3', 1, 0, NULL);
INSERT INTO dedup_document VALUES (2, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 2, 1796039507176, 1796039507176, x'e4b67d44e8afd9bbd0bac326faa3b077', -5137583806307534143, '2', 'revision', x'3deb27a8b7e8aee21da7ff9c14bcc3a3', 1, 0.08, 0.15384615384615385, 1, x'3deb27a8b7e8aee21da7ff9c14bcc3a3', 2, 0, NULL);
INSERT INTO dedup_document VALUES (3, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 3, 1796039507176, 1796039507176, x'9fdc9cd3cf61dfd619f5f128994db4b4', 5353387541506067985, '1', 'unique', NULL, NULL, 0.0, 0.0, 3, x'9fdc9cd3cf61dfd619f5f128994db4b4', 3, 0, NULL);
INSERT INTO dedup_document VALUES (4, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 7, 1796039507176, 1796039507176, x'13756f71330967d89eacdc782091a741', 0, NULL, 'unique', NULL, NULL, 0.0, 0.0, 4, x'13756f71330967d89eacdc782091a741', 4, 0, NULL);
INSERT INTO dedup_document VALUES (5, 'e8a4032a-1b60-42e1-8ff4-8ce4ee61b3fd', 1, 10, 1796039507176, 1796039507176, x'9b86fb9f978ccc9aadf877842e4a143f', 0, NULL, 'near', x'13756f71330967d89eacdc782091a741', 7, 0.9333333333333333, 1.0, 4, x'13756f71330967d89eacdc782091a741', 5, 0, NULL);
INSERT INTO dedup_sketch VALUES (1, x'e577eb8d14ff96a1d9ee9105c2a01fbe', 14, x'6ba1d55db4c21af341b535a1ca93410a4a8974d96a9d4937ae3b849be89b25d58e96fe5577849ff2e650a7595877b65b5b407d27e2a916f53aa7e2221c861f95a5154cd1ade2808d75dceb2f1d0c7bce72796dfe2526520df00eb614', x'53f74deff3f799e9');
INSERT INTO dedup_sketch VALUES (2, x'627a57301facfa74c19104ce7e7f8387', 13, x'eb40af520933d843294080b76258e95fb69ce82b2c9f932dd4ace2927325aa6002169767ceb7d3fa3691c6df76197582ad90500c4818bf0a22023a28fdada54693ab452f98c019ecbf036d82d7d1414347ea7a952526520d', NULL);
INSERT INTO dedup_sketch VALUES (3, x'ab401bdfe096118c9fb8515ead6b2449', 16, x'15a981862425d17ee7f3f443db559be899d91e02b080f13ca6ed0417f9cd89bfc96bd0c80608c7de829919b3e1891d4bb1aea9333c65e1b9e242cfc64e4c531cf973520a0b8ebd5f019750b0f89c0888929645b390992b02d34f061aa620301f', x'c5cf992eb74dd01d');
INSERT INTO dedup_sketch VALUES (4, x'242e2f6af78cc1d7bf337a953a52ad1c', 14, x'7b8cf4f93c384002586e5ac1dde93452b68ab2196403a271f1c5ba71485c483f230cfc6408dc2a119fe4636baa8d5754f801871e031e3371425eab24313f031628ef684125784e8985b60e898f92c74e816d4d6c1c56ec0e0326af1cc467ae1e', x'855f2f58606dbec9');
INSERT INTO dedup_sketch VALUES (5, x'63bf0304d286e595edf322f39d41c471', 15, x'7b8cf4f93c384002586e5ac17afd3b1cb68ab2196403a2719224d872485c483f77d6c314bf7898f684af10c7aa8d5754f801871e4586a92369aee07b777db6c928ef6841a7cd942d85b60e899a60af9c816d4d6cf9bdd30d1c56ec0e0326af1cc467ae1e', x'39c70de5606dbec9');
INSERT INTO dedup_shingles VALUES (1, x'2526520df00eb614f47a9e25d877d737f350323b748e043ce0e2f3440c95996f0af4a3875be6739ace35d2a34876b0acba37aecfb9e173f4');
INSERT INTO dedup_shingles VALUES (2, x'2526520d81a98e2eccbefd46ef559750caddef7a0e39429bfe5692a5dc639ec71ec579d24b2223dc4d2a88e6cddc7bedb9e173f4');
INSERT INTO dedup_shingles VALUES (3, x'90992b02d34f061aa620301f06cb7c2c65a803393d3a5843f1f3e34bbbd2526e64c9fb88465ae4a8915d25a99f7dc3b1c153c0c0a18f66d00c0d41f33301e6ff');
INSERT INTO dedup_shingles VALUES (4, x'1c56ec0e0326af1cc467ae1ee7e2932b90fdd65211a0f259c1e46268d017946994887d6b9baaf679de46d08fc16f7e9354c0e393b2f1c7ab');
INSERT INTO dedup_shingles VALUES (5, x'f9bdd30d1c56ec0e0326af1cc467ae1ee7e2932b90fdd65211a0f259c1e46268d017946994887d6b9baaf679de46d08fc16f7e9354c0e393b2f1c7ab');
INSERT INTO dedup_record VALUES (5, 4, 'art/drop/en/', CAST('{"v":1,"type":"article","id":"9b86fb9f978ccc9aadf877842e4a143f","source":"drop","kind":"text","pub_status":"usable","title":"Wheat again","body":"The price of wheat rose by two per cent on the exchange today, after a dry week.","language":"en","published":"2026-03-02T10:00:00Z","published_raw":"2026-03-02 10:00:00","tz_assumed":"UTC","ingest":{"path":"wheat-again.txt","sha256":"06eb6be9ac3472941a0074c854fd679c3827c2f5ca66c930e3a935e95aaf2ef3","part":1,"bytes":115,"format":"native","encoding":"utf-8","received":"2026-11-30T11:51:47.176Z","language_confidence":0.96}}' AS BLOB));
