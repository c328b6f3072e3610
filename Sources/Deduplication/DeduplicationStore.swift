import Articles
import Hashing
import Messaging
import SQLite

/// The deduplicator's tables on its worker's connection. It decides nothing.
struct DeduplicationStore {
    /// The articles that are not to be shown.
    let hidden: HiddenArticles
    let connection: Connection
    /// The version of the tables.
    static let stateVersion = StateVersion(
        "the deduplicator's state", known: 4, in: .row(table: "dedup_meta", key: "version"))

    /// Makes the tables where there are none, and those of an earlier version into this one's, within the caller's
    /// transaction.
    init(connection: Connection) throws {
        self.connection = connection
        let found = try Self.stateVersion.check(connection)
        hidden = try HiddenArticles(connection: connection)
        try connection.execute(
            """
            CREATE TABLE IF NOT EXISTS dedup_meta(k TEXT PRIMARY KEY, v INTEGER NOT NULL) WITHOUT ROWID;
            -- One row an article, exact duplicates too: a record that comes again gets the same verdict again. What a near
            -- duplicate adds are its new sentences, a line each.
            CREATE TABLE IF NOT EXISTS dedup_document(
                doc INTEGER PRIMARY KEY, stream TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
                time_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, id BLOB NOT NULL, uri_key INTEGER NOT NULL,
                version TEXT, verdict TEXT NOT NULL, first_id BLOB, first_seq INTEGER, similarity REAL NOT NULL,
                containment REAL NOT NULL, story INTEGER NOT NULL, story_id BLOB NOT NULL, sketch INTEGER,
                traits INTEGER NOT NULL DEFAULT 0, added TEXT, first_stream TEXT);
            CREATE UNIQUE INDEX IF NOT EXISTS dedup_document_position ON dedup_document(stream, epoch, seq);
            CREATE INDEX IF NOT EXISTS dedup_document_seen ON dedup_document(seen_ms);
            -- Candidates for later articles: small rows, all read at the start. The lines are hashes of the title and of the
            -- lines at the edges, where they are counted.
            CREATE TABLE IF NOT EXISTS dedup_sketch(
                doc INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, size INTEGER NOT NULL, keys BLOB NOT NULL,
                lines BLOB);
            -- Their shingles, read one by one when a candidate is verified.
            CREATE TABLE IF NOT EXISTS dedup_shingles(doc INTEGER PRIMARY KEY, shingles BLOB NOT NULL);
            -- Stories that turned out to be one.
            CREATE TABLE IF NOT EXISTS dedup_merge(story INTEGER PRIMARY KEY, into_story INTEGER NOT NULL,
                into_id BLOB NOT NULL);
            """)
        if let found, found < Self.stateVersion.known {
            try Self.stateVersion.upgrade(connection, from: found) {
                try upgrade(from: found)
                try prepareStories()
            }
        } else {
            try prepareStories()
        }
        try Self.stateVersion.note(in: connection)
    }

    private func upgrade(from version: Int64) throws {
        if version < 2 {
            try connection.execute("ALTER TABLE dedup_document ADD COLUMN traits INTEGER NOT NULL DEFAULT 0")
            try hidden.rebuildKeys()
        }
        if version < 3 {
            try connection.execute(
                """
                ALTER TABLE dedup_document ADD COLUMN added TEXT;
                ALTER TABLE dedup_sketch ADD COLUMN lines BLOB;
                """)
        }
        if version < 4 { try connection.execute("ALTER TABLE dedup_document ADD COLUMN first_stream TEXT") }
    }

    func meta(_ key: String) throws -> Int64? {
        let query = try connection.statement("SELECT v FROM dedup_meta WHERE k=?").bind(1, key)
        defer { query.reset() }
        return try query.step() ? query.int64(0) : nil
    }

    func setMeta(_ key: String, _ value: Int64) throws {
        try connection.statement("INSERT OR REPLACE INTO dedup_meta(k, v) VALUES (?, ?)").bind(1, key).bind(2, value)
            .run()
    }

    // MARK: Documents

    static let columns = """
        doc, stream, epoch, seq, time_ms, version, uri_key, id, verdict, first_id, first_seq, similarity, containment,
        story, story_id, sketch, traits, added, first_stream
        """

    /// The document that stands at a place of a stream.
    func document(stream: String, epoch: UInt32, seq: UInt64) throws -> DocumentRow? {
        let query = try connection.statement(
            "SELECT \(Self.columns) FROM dedup_document WHERE seq=? AND epoch=? AND stream=?"
        ).bind(1, Int64(seq)).bind(2, Int64(epoch)).bind(3, stream)
        defer { query.reset() }
        return try query.step() ? try Self.row(query) : nil
    }

    /// A document by its number.
    func document(_ document: Int64) throws -> DocumentRow? {
        let query = try connection.statement("SELECT \(Self.columns) FROM dedup_document WHERE doc=?").bind(1, document)
        defer { query.reset() }
        return try query.step() ? try Self.row(query) : nil
    }

    func insert(_ row: DocumentRow) throws {
        let query = try connection.statement(
            """
            INSERT INTO dedup_document(doc, stream, epoch, seq, time_ms, seen_ms, version, uri_key, id, verdict, first_id,
                first_seq, similarity, containment, story, story_id, sketch, traits, added, first_stream)
            VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
            """)
        try query.bind(1, row.document).bind(2, row.stream).bind(3, Int64(row.epoch)).bind(4, Int64(row.seq))
            .bind(5, row.timeMilliseconds).bind(6, row.version).bind(7, Int64(bitPattern: row.replacementKey))
            .bind(8, Self.blob(row.id)).bind(9, row.judgement.verdict.rawValue)
            .bind(10, row.judgement.first.map { Self.blob($0.id) }).bind(12, row.judgement.similarity)
            .bind(13, row.judgement.containment).bind(14, row.story).bind(15, Self.blob(row.judgement.story))
            .bind(17, row.traits.rawValue)
            .bind(18, row.judgement.newSentences.isEmpty ? nil : row.judgement.newSentences.joined(separator: "\n"))
            .bind(19, row.judgement.first?.stream)
        if let first = row.judgement.first { try query.bind(11, Int64(first.seq)) } else { try query.bindNull(11) }
        if let sketch = row.sketch { try query.bind(16, sketch) } else { try query.bindNull(16) }
        try query.run()
    }

    /// Keeps a document within the window because its text came again.
    func touch(_ document: Int64, seenMilliseconds: Int64) throws {
        try connection.statement("UPDATE dedup_document SET seen_ms=max(seen_ms, ?) WHERE doc=?")
            .bind(1, seenMilliseconds).bind(2, document).run()
    }

    /// The highest document number that was ever given, so that numbers are not used twice.
    func lastDocument() throws -> Int64 {
        max(try connection.scalar("SELECT max(doc) FROM dedup_document") ?? 0, try meta("last_document") ?? 0)
    }

    /// The number of documents, or a little more: numbers between the first and the last that are gone count too.
    func documentCount() throws -> Int {
        let first = try connection.scalar("SELECT min(doc) FROM dedup_document") ?? 0
        return Int(try (connection.scalar("SELECT max(doc) FROM dedup_document") ?? 0) - first)
    }

    /// The time of the latest article.
    func latestTime() throws -> Int64 { try connection.scalar("SELECT max(seen_ms) FROM dedup_document") ?? 0 }

    /// Calls `body` with the highest sequence number of every stream and epoch.
    func forEachStream(_ body: (_ stream: String, _ epoch: UInt32, _ seq: UInt64) -> Void) throws {
        // From one to the next by the index: to group them would read all of it.
        let query = try connection.prepare(
            """
            SELECT stream, epoch, seq FROM dedup_document WHERE (stream, epoch)>(?, ?)
            ORDER BY stream, epoch, seq LIMIT 1
            """)
        let highest = try connection.prepare("SELECT max(seq) FROM dedup_document WHERE stream=? AND epoch=?")
        var (stream, epoch) = ("", Int64(-1))
        while try query.bind(1, stream).bind(2, epoch).step() {
            (stream, epoch) = (query.string(0), query.int64(1))
            query.reset()
            guard try highest.bind(1, stream).bind(2, epoch).step() else { break }
            body(stream, UInt32(epoch), UInt64(highest.int64(0)))
            highest.reset()
        }
    }

    // MARK: Sketches

    /// Adds the sketch of a document.
    ///
    /// - Parameter lines: what ``LineCounts`` counts of it, after the title's hash; empty where nothing is.
    func insert(_ sketch: Sketch, lines: [UInt32], document: Int64) throws {
        var fingerprint: [UInt8] = []
        withUnsafeBytes(of: sketch.fingerprint.high.littleEndian) { fingerprint.append(contentsOf: $0) }
        withUnsafeBytes(of: sketch.fingerprint.low.littleEndian) { fingerprint.append(contentsOf: $0) }
        try connection.statement("INSERT INTO dedup_sketch(doc, fingerprint, size, keys, lines) VALUES (?, ?, ?, ?, ?)")
            .bind(1, document).bind(2, fingerprint).bind(3, sketch.shingles.count)
            .bind(4, Self.blob(sketch.bandKeys + sketch.anchors)).bind(5, lines.isEmpty ? nil : Self.blob(lines)).run()
        try connection.statement("INSERT INTO dedup_shingles(doc, shingles) VALUES (?, ?)")
            .bind(1, document).bind(2, Self.blob(sketch.shingles)).run()
    }

    /// The hashes of the title and the lines of a document that are counted; none where they are not.
    func lines(_ document: Int64) throws -> [UInt32] {
        let query = try connection.statement("SELECT lines FROM dedup_sketch WHERE doc=?").bind(1, document)
        defer { query.reset() }
        return try query.step() ? query.withBytes(0, Self.integers) : []
    }

    /// The shingles of a document, nil where it is gone.
    func shingles(_ document: Int64) throws -> [UInt32]? {
        let query = try connection.statement("SELECT shingles FROM dedup_shingles WHERE doc=?").bind(1, document)
        defer { query.reset() }
        return try query.step() ? query.withBytes(0, Self.integers) : nil
    }

    /// All documents that have a sketch.
    func sketchedDocuments() throws -> [Int64] {
        var documents: [Int64] = []
        try connection.statement("SELECT doc FROM dedup_sketch ORDER BY doc").forEachRow {
            documents.append($0.int64(0))
        }
        return documents
    }

    /// Replaces a document's keys, where the bands were chosen anew.
    func updateKeys(_ keys: [UInt32], document: Int64) throws {
        try connection.statement("UPDATE dedup_sketch SET keys=? WHERE doc=?").bind(1, Self.blob(keys))
            .bind(2, document).run()
    }

    // MARK: Stories

    func insertMerge(_ story: Int64, into other: StoryMerge) throws {
        try connection.statement("INSERT OR REPLACE INTO dedup_merge(story, into_story, into_id) VALUES (?, ?, ?)")
            .bind(1, story).bind(2, other.story).bind(3, Self.blob(other.id)).run()
    }

    func removeMerge(_ story: Int64) throws {
        try connection.statement("DELETE FROM dedup_merge WHERE story=?").bind(1, story).run()
    }

    func merges() throws -> [Int64: StoryMerge] {
        var merges: [Int64: StoryMerge] = [:]
        try connection.statement("SELECT story, into_story, into_id FROM dedup_merge").forEachRow { row in
            guard let id = Self.articleID(row, 2) else { throw DeduplicationError.damagedRow(document: row.int64(0)) }
            merges[row.int64(0)] = StoryMerge(story: row.int64(1), id: id)
        }
        return merges
    }

    // MARK: Window

    /// Removes up to `limit` documents that were last seen before `cutoff`; returns what was counted of their lines.
    func removeExpired(before cutoff: Int64, limit: Int) throws -> [[UInt32]] {
        var expired: [Int64] = []
        try connection.statement("SELECT doc FROM dedup_document WHERE seen_ms<? ORDER BY seen_ms LIMIT ?")
            .bind(1, cutoff).bind(2, limit).forEachRow { expired.append($0.int64(0)) }
        guard !expired.isEmpty else { return [] }
        var removed: [[UInt32]] = []
        try setMeta("last_document", try lastDocument())
        for document in expired {
            let lines = try lines(document)
            if !lines.isEmpty { removed.append(lines) }
            for table in ["dedup_document", "dedup_sketch", "dedup_shingles", "dedup_record"] {
                try connection.statement("DELETE FROM \(table) WHERE doc=?").bind(1, document).run()
            }
        }
        return removed
    }

    // MARK: Encoding

    static func row(_ query: Statement) throws -> DocumentRow {
        guard let id = articleID(query, 7), let story = articleID(query, 14),
            let verdict = Judgement.Verdict(rawValue: query.string(8))
        else { throw DeduplicationError.damagedRow(document: query.int64(0)) }
        let version = query.isNull(5) ? nil : query.string(5)
        let traits = DocumentRow.Traits(rawValue: query.int64(16))
        let first = articleID(query, 9).map { id in
            Judgement.Reference(
                id: id, seq: UInt64(query.int64(10)), stream: query.isNull(18) ? nil : query.string(18))
        }
        var judgement = Judgement(
            verdict: verdict, first: first, similarity: query.double(11), containment: query.double(12),
            story: story, isLate: traits.contains(.isLate),
            warning: traits.contains(.rewrites) ? VersionStanding.warning(of: version) : nil)
        if !query.isNull(17) { judgement.newSentences = query.string(17).split(separator: "\n").map(String.init) }
        return DocumentRow(
            document: query.int64(0), stream: query.string(1), epoch: UInt32(query.int64(2)),
            seq: UInt64(query.int64(3)), timeMilliseconds: query.int64(4),
            version: version, replacementKey: UInt64(bitPattern: query.int64(6)), traits: traits, id: id,
            judgement: judgement,
            story: query.int64(13), sketch: query.isNull(15) ? nil : query.int64(15))
    }

    private static func articleID(_ query: Statement, _ column: Int) -> ArticleID? {
        query.isNull(column) ? nil : ArticleID(Hexadecimal.encode(query.bytes(column)))
    }

    /// An id as its 16 bytes.
    static func blob(_ id: ArticleID) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        var high: UInt8?
        for digit in id.description.utf8 {
            let value = digit < 0x3a ? digit - 0x30 : digit - 0x61 + 10
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    private static func blob(_ values: some Sequence<UInt32>) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private static func blob(_ values: [UInt32]) -> [UInt8] {
        // Every platform this runs on is little-endian: the memory as it is.
        values.withUnsafeBytes { Array($0) }
    }

    static func integers(_ bytes: UnsafeRawBufferPointer) -> [UInt32] {
        let count = bytes.count / 4
        return [UInt32](unsafeUninitializedCapacity: count) { output, initialized in
            UnsafeMutableRawBufferPointer(output).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * 4)]))
            initialized = count
        }
    }
}
