package import Articles
import FoundationEssentials
package import Messaging
package import SQLite

/// The archive and its full-text index, written: an upsert by replacement key, kills that stick.
///
/// It works within its caller's transactions. ``apply(_:bytes:at:)`` writes rows; their text goes in with
/// ``writeText()``, to be called once before the commit: FTS5 writes its pending words out at every savepoint, which
/// costs as much as a commit each.
package final class ArticleIndex {
    /// What happened to an article.
    package enum Action: String, Sendable {
        /// It is new and found from now on.
        case indexed
        /// It took the place of an older version.
        case replaced
        /// It is not found any more, or not to be found at all: withheld, canceled or killed.
        case removed
        /// It is kept, but a newer version is shown.
        case kept
    }

    /// What ``apply(_:bytes:at:)`` did.
    package struct Outcome: Sendable, Equatable {
        package let action: Action
        /// The number of its words, 0 where its text is not in the index.
        package let words: Int
        /// What is doubtful of it, in words.
        package let warning: String?
        /// The same record was applied before: nothing happened now.
        package let isRepeated: Bool

        package init(action: Action, words: Int, warning: String? = nil, isRepeated: Bool = false) {
            self.action = action
            self.words = words
            self.warning = warning
            self.isRepeated = isRepeated
        }

        /// The article, or this version of it, is found from now on.
        package var isShownAnew: Bool { !isRepeated && (action == .indexed || action == .replaced) }
    }

    /// A row of `document`.
    struct Row {
        let number: Int64
        let state: DocumentState
        let words: Int
        /// What later versions are compared with: its own, or that of the one which it replaced.
        let version: String?
        let stream: Int64
        let epoch: Int64
        let seq: Int64
        let time: Int64
        let id: String

        /// It is that of the record at a place.
        func stands(at position: Position, stream: Int64) -> Bool {
            stream == self.stream && Int64(position.epoch) == epoch && Int64(position.seq) == seq
        }

        /// It stands after a place: in the same stream by number, in another by time.
        func isAhead(of position: Position, stream: Int64) -> Bool {
            if stream == self.stream { return (Int64(position.epoch), Int64(position.seq)) < (epoch, seq) }
            return position.timeMilliseconds < time
        }
    }

    /// A document whose text may have to go in or out at the end of the batch.
    private struct Pending {
        /// Its text was in the index before.
        let wasIndexed: Bool
        let text: ArticleTokenizer.Text
    }

    let connection: Connection
    let tokenizer = ArticleTokenizer()
    let packer = RecordPacker()
    /// Whether any content was erased: as long as none was, no article pays for a look.
    var hasErased = false
    /// By kind, the numbers of names.
    private var names: [IndexSchema.NameKind: [String: Int64]] = [:]
    /// The highest number that any document has had; one of a savepoint that was rolled back is left out.
    private var lastNumber: Int64 = 0
    private var hasNewNumber = false
    /// The stream of the last article: nearly always that of the next one.
    private var lastStream: (id: StreamID, number: Int64)?
    private var pending: [Int64: Pending] = [:]
    /// The tokens of the article that was applied last; nil where it is not shown.
    private(set) var lastText: ArticleTokenizer.Text?

    /// Takes the connection that it writes on; ``prepare()`` comes first.
    package init(connection: Connection) throws {
        self.connection = connection
        try connection.register(tokenizer: tokenizer, name: ArticleTokenizer.name)
    }

    /// The version of the tables.
    package static var stateVersion: StateVersion { IndexSchema.stateVersion }

    /// Makes the tables, or checks them; what an earlier version stored otherwise is written again.
    package func prepare() throws {
        try connection.transaction {
            let found = try IndexSchema.stateVersion.check(connection)
            guard let found, try !IndexSchema.isCurrent(connection) else { return try prepareTables() }
            try IndexSchema.stateVersion.upgrade(connection, from: found, prepareTables)
        }
        lastNumber = try IndexSchema.lastNumber(connection)
        hasErased = try connection.scalar("SELECT EXISTS(SELECT 1 FROM erased)") == 1
    }

    // MARK: Articles

    /// Takes in an article within the caller's transaction; the same record at the same position changes nothing.
    package func apply(_ article: Article, bytes: [UInt8], at position: Position) throws -> Outcome {
        lastText = nil
        let stream = try number(of: position.stream)
        let rows = try versions(of: article)
        if let known = rows.first(where: { $0.stands(at: position, stream: stream) }) {
            return Outcome(action: known.state == .current ? .indexed : .kept, words: known.words, isRepeated: true)
        }
        if let uri = article.uri, try isKilled(source: article.source, uri: uri) {
            return Outcome(action: .removed, words: 0)
        }
        if try isErased(article.id) { return Outcome(action: .removed, words: 0) }
        let newest = rows.first { $0.state != .superseded }
        var standing = VersionStanding(version: nil, id: article.id)
        var warning: String?
        if let newest {
            standing = VersionStanding(version: newest.version, id: ArticleID(newest.id) ?? article.id)
            let isBehind = newest.isAhead(of: position, stream: stream)
            switch standing.effect(of: article.version, id: article.id, isBehind: isBehind) {
            case .replaces: break
            case .rewrites: warning = VersionStanding.warning(of: article.version)
            case .late:
                // Other content is another version to keep; the same content at an earlier place says nothing new.
                if !rows.contains(where: { $0.id == article.id.description }) {
                    try insert(article, bytes, position, stream: stream, state: .superseded, version: article.version)
                }
                return Outcome(action: .kept, words: 0)
            }
        }
        let version = standing.replaced(by: article.version, id: article.id).version
        for row in rows {
            if row.state == .current { try takeOut(row.number) }
            if row.id == article.id.description {
                try delete(row.number)
            } else if row.state != .superseded {
                try connection.statement("UPDATE document SET state=? WHERE number=?")
                    .bind(1, DocumentState.superseded.rawValue).bind(2, row.number).run()
            }
        }
        let wasShown = newest?.state == .current
        guard article.pubStatus == .usable else {
            try insert(article, bytes, position, stream: stream, state: .hidden, version: version)
            return Outcome(action: .removed, words: 0, warning: warning)
        }
        let text = tokenizer.read(article)
        let number = try insert(
            article, bytes, position, stream: stream, state: .current, version: version, words: text.words)
        pending[number] = Pending(wasIndexed: false, text: text)
        lastText = text
        return Outcome(action: wasShown ? .replaced : .indexed, words: text.words, warning: warning)
    }

    /// Removes an article and all of its versions, now and for ever: a kill may precede its article.
    package func kill(source: String, uri: String, at position: Position) throws -> Outcome {
        try connection.statement("INSERT OR IGNORE INTO killed(source, uri, stream, epoch, seq) VALUES (?, ?, ?, ?, ?)")
            .bind(1, source).bind(2, uri).bind(3, number(of: position.stream))
            .bind(4, Int64(position.epoch)).bind(5, Int64(position.seq)).run()
        for row in try versions(source: source, uri: uri) {
            if row.state == .current { try takeOut(row.number) }
            try delete(row.number)
        }
        return Outcome(action: .removed, words: 0)
    }

    /// Writes the text of what was applied since the last call into the index; call it before the commit.
    package func writeText() throws {
        if hasNewNumber {
            try IndexSchema.save(lastNumber: lastNumber, connection)
            hasNewNumber = false
        }
        guard !pending.isEmpty else { return }
        let batch = pending.sorted { $0.key < $1.key }
        let rebuilt = try TextRebuild.place(connection)
        pending.removeAll(keepingCapacity: true)
        // In the order of their numbers: FTS5 writes out what it holds whenever a smaller one comes.
        for (number, document) in batch {
            // The table decides: a savepoint may have been rolled back since.
            let state = try connection.statement("SELECT state FROM document WHERE number=?").bind(1, number)
            let isCurrent = try state.step() && state.int(0) == DocumentState.current.rawValue
            state.reset()
            guard isCurrent != document.wasIndexed else { continue }
            try write(document.text, number: number, isIn: isCurrent)
            // What comes has a number that the rebuild gets to.
            guard let rebuilt, number < rebuilt else { continue }
            try write(document.text, number: number, isIn: isCurrent, table: TextRebuild.table)
        }
    }

    /// Gives every document its section, from the archive.
    private func writeSections() throws {
        let member = Array("\"section\":".utf8)
        let records = try connection.prepare("SELECT number, bytes FROM record")
        try records.forEachRow { row in
            let bytes = try packer.record(row.bytes(1))
            guard bytes.firstRange(of: member) != nil else { return }
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            try connection.statement("UPDATE document SET section=? WHERE number=?")
                .bind(1, number(ofSection: article.section)).bind(2, row.int64(0)).run()
        }
    }

    private func prepareTables() throws {
        let arrears = try IndexSchema.prepare(connection)
        if arrears.contains(.sections) { try writeSections() }
        if arrears.contains(.text) { try rewriteText() }
    }

    /// Writes the text of every shown article anew, from the archive.
    private func rewriteText() throws {
        let documents = try connection.prepare(
            "SELECT number, bytes FROM document JOIN record USING (number) WHERE state=0 ORDER BY number")
        try documents.forEachRow { row in
            let article = try JSONDecoder().decode(Article.self, from: Data(packer.record(row.bytes(1))))
            let text = tokenizer.read(article)
            try write(text, number: row.int64(0), isIn: true)
            try connection.statement("UPDATE document SET words=? WHERE number=?")
                .bind(1, text.words).bind(2, row.int64(0)).run()
        }
    }

    // MARK: Rows

    /// Puts the text of a document into a table of the full text, or takes it out.
    func write(
        _ text: ArticleTokenizer.Text, number: Int64, isIn: Bool, table: String = "article_text"
    ) throws {
        let columns = IndexSchema.columns.joined(separator: ", ")
        let statement = try connection.statement(
            isIn
                ? "INSERT INTO \(table)(rowid, \(columns)) VALUES (?, ?, ?, ?, ?)"
                : "INSERT INTO \(table)(\(table), rowid, \(columns)) VALUES ('delete', ?, ?, ?, ?, ?)")
        try statement.bind(1, number)
        for (index, tokens) in text.columns.enumerated() { try statement.bind(index + 2, tokens) }
        try statement.run()
    }

    /// Notes that a shown document's text must go; its record says which text that is.
    func takeOut(_ number: Int64) throws {
        // It came in the same batch: nothing is in the index yet, and its row will say that nothing has to be.
        guard pending[number] == nil else { return }
        let query = try connection.statement("SELECT bytes FROM record WHERE number=?").bind(1, number)
        defer { query.reset() }
        guard try query.step() else { return }
        let article = try JSONDecoder().decode(Article.self, from: Data(packer.record(query.bytes(0))))
        pending[number] = Pending(wasIndexed: true, text: tokenizer.read(article))
    }

    func delete(_ number: Int64) throws {
        try connection.statement("DELETE FROM document WHERE number=?").bind(1, number).run()
        try connection.statement("DELETE FROM record WHERE number=?").bind(1, number).run()
    }

    @discardableResult
    private func insert(
        _ article: Article, _ bytes: [UInt8], _ position: Position, stream: Int64, state: DocumentState,
        version: String?, words: Int = 0
    ) throws -> Int64 {
        lastNumber += 1
        hasNewNumber = true
        let document = lastNumber
        let id = article.id.description
        let idHash = ArticleIndex.hash(id)
        let key = article.uri.map { ArticleIndex.key(source: article.source, uri: $0) } ?? idHash
        try connection.statement(
            """
            INSERT INTO document(state, words, date_ms, source, language, stream, epoch, seq, time_ms, key_hash, id_hash,
                id, uri, version, section, number) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).bind(1, state.rawValue).bind(2, words)
            .bind(3, article.published?.milliseconds ?? position.timeMilliseconds)
            .bind(4, name(.source, article.source)).bind(5, name(.language, article.language)).bind(6, stream)
            .bind(7, Int64(position.epoch)).bind(8, Int64(position.seq)).bind(9, position.timeMilliseconds)
            .bind(10, key).bind(11, idHash).bind(12, id).bind(13, article.uri).bind(14, version)
            .bind(15, number(ofSection: article.section)).bind(16, document).run()
        try connection.statement("INSERT INTO record(number, bytes) VALUES (?, ?)").bind(1, document)
            .bind(2, packer.stored(bytes)).run()
        return document
    }

    // MARK: Look-ups

    static let rowColumns = "number, state, words, version, stream, epoch, seq, time_ms, id"

    func read(_ query: Statement) -> Row {
        Row(
            number: query.int64(0), state: DocumentState(rawValue: query.int(1)) ?? .superseded, words: query.int(2),
            version: query.isNull(3) ? nil : query.string(3), stream: query.int64(4), epoch: query.int64(5),
            seq: query.int64(6), time: query.int64(7), id: query.string(8))
    }

    private func versions(of article: Article) throws -> [Row] {
        if let uri = article.uri { return try versions(source: article.source, uri: uri) }
        let id = article.id.description
        return try versions(key: ArticleIndex.hash(id), source: article.source, uri: nil).filter { $0.id == id }
    }

    /// Returns the rows of an article in all versions.
    func versions(source: String, uri: String) throws -> [Row] {
        try versions(key: ArticleIndex.key(source: source, uri: uri), source: source, uri: uri)
    }

    private func versions(key: Int64, source: String, uri: String?) throws -> [Row] {
        guard let source = try known(.source, source) else { return [] }
        var rows: [Row] = []
        try connection.statement(ArticleIndex.versionsQuery).bind(1, key).bind(2, uri).bind(3, source)
            .forEachRow { rows.append(read($0)) }
        return rows
    }

    private static let versionsQuery =
        "SELECT \(rowColumns) FROM document WHERE key_hash=? AND uri IS ? AND source=?"

    private func isKilled(source: String, uri: String) throws -> Bool {
        let query = try connection.statement("SELECT 1 FROM killed WHERE source=? AND uri=?").bind(1, source).bind(
            2, uri)
        defer { query.reset() }
        return try query.step()
    }

    /// Returns the number that stands for a source, language, stream or section in the rows; nil where it has none yet.
    private func known(_ kind: IndexSchema.NameKind, _ name: String) throws -> Int64? {
        if let known = names[kind]?[name] { return known }
        let query = try connection.statement("SELECT number FROM index_name WHERE kind=? AND name=?")
            .bind(1, kind.rawValue).bind(2, name)
        defer { query.reset() }
        guard try query.step() else { return nil }
        names[kind, default: [:]][name] = query.int64(0)
        return query.int64(0)
    }

    /// Likewise; one that has none gets it.
    private func name(_ kind: IndexSchema.NameKind, _ name: String) throws -> Int64 {
        if let known = try known(kind, name) { return known }
        // Not remembered before it is read again: the savepoint that makes it may be rolled back.
        try connection.statement("INSERT INTO index_name(kind, name) VALUES (?, ?)").bind(1, kind.rawValue)
            .bind(2, name).run()
        return connection.lastInsertRowID
    }

    private func number(of stream: StreamID) throws -> Int64 {
        if let lastStream, lastStream.id == stream { return lastStream.number }
        guard let number = try known(.stream, stream.description) else {
            return try name(.stream, stream.description)
        }
        lastStream = (stream, number)
        return number
    }

    private func number(ofSection section: String?) throws -> Int64 {
        guard let section, !section.isEmpty else { return 0 }
        return try name(.section, section)
    }

    /// The integer that an article with a `uri` is looked up by; others are by that of their id.
    static func key(source: String, uri: String) -> Int64 { hash("\(source)\u{1f}\(uri)") }

    /// The integer that a random key is looked up by: half the index of the text itself.
    static func hash(_ text: String) -> Int64 {
        var text = text
        return text.withUTF8 { Int64(bitPattern: FNV.hash($0.span)) }
    }
}
