import SQLite
import Testing

@Suite struct FullTextTests {
    /// Parts text at spaces; in documents a word's first letter stands at the same position.
    private final class Initials: FullTextTokenizer {
        var purposes: [FullTextPurpose] = []

        func tokenize(_ text: Span<UInt8>, purpose: FullTextPurpose, into sink: borrowing FullTextSink) {
            purposes.append(purpose)
            var start = 0
            for index in 0...text.count where index == text.count || text[index] == 0x20 {
                if index > start {
                    guard sink.put(text.extracting(start..<index), from: start..<index) else { return }
                    if purpose == .document {
                        let initial = text.extracting(start..<(start + 1))
                        guard sink.put(initial, from: start..<index, place: .colocated) else { return }
                    }
                }
                start = index + 1
            }
        }
    }

    /// Keeps what it is shown.
    private final class Recorder: FullTextFunction {
        var weights: [Int64: [Float]] = [:]
        var rows: [Int64] = []
        var readsPhrase: Int?
        var failure: SQLiteError?

        func visit(_ match: borrowing FullTextMatch) throws(SQLiteError) {
            if let failure { throw failure }
            var found: [Float] = []
            for phrase in 0..<match.phraseCount { found.append(try match.weight(ofPhrase: phrase, columns: [10, 1])) }
            weights[match.rowID] = found
            guard let readsPhrase else { return }
            rows = []
            try match.forEachRow(withPhrase: readsPhrase) { (row) throws(SQLiteError) in
                rows.append(row.rowID)
                return rows.count < 3
            }
        }
    }

    private let connection: Connection
    private let tokenizer = Initials()
    private let recorder = Recorder()

    init() throws {
        connection = try Connection(path: ":memory:")
        try connection.register(tokenizer: tokenizer, name: "initials")
        try connection.register(function: recorder, name: "record")
        try connection.execute("CREATE VIRTUAL TABLE t USING fts5(a, b, tokenize='initials')")
    }

    private func rows(_ match: String) throws -> [Int64] {
        var rows: [Int64] = []
        try connection.statement("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid").bind(1, match).forEachRow {
            rows.append($0.int64(0))
        }
        return rows
    }

    @Test func `a tokenizer decides what is found`() throws {
        try connection.execute("INSERT INTO t(a, b) VALUES ('Crude Oil', 'x'), ('Coffee', 'Oil rises')")
        #expect(try rows("Oil") == [1, 2])
        #expect(try rows("oil") == [])
        #expect(try rows("C") == [1, 2])
        #expect(try rows("\"C Oil\"") == [1])
        #expect(try rows("Cof*") == [2])
        #expect(Set(tokenizer.purposes.map { "\($0)" }) == ["document", "query", "prefix"])
    }

    @Test func `empty and broken text is no error`() throws {
        try connection.statement("INSERT INTO t(a, b) VALUES (?, ?)").bind(1, "").bind(2, [0xff, 0xfe, 0x20, 0x80])
            .run()
        try connection.execute("INSERT INTO t(a, b) VALUES (NULL, 12)")
        #expect(try rows("12") == [2])
    }

    @Test func `an unknown tokenizer is an error`() throws {
        let error = #expect(throws: SQLiteError.self) {
            try connection.execute("CREATE VIRTUAL TABLE u USING fts5(a, tokenize='missing')")
        }
        #expect(error?.message.contains("missing") == true || error?.message.contains("tokenizer") == true)
    }

    @Test func `a function sees where phrases stand`() throws {
        try connection.execute("INSERT INTO t(a, b) VALUES ('oil oil', 'oil'), ('tea', 'oil tea')")
        try connection.statement("SELECT record(t) FROM t WHERE t MATCH 'oil OR tea'").forEachRow { _ in }
        // Words of one letter's initial: 'oil' is found as itself only.
        #expect(recorder.weights == [1: [21, 0], 2: [1, 11]])
    }

    @Test func `a function reads all rows of a phrase until it has enough`() throws {
        for _ in 0..<5 { try connection.execute("INSERT INTO t(a, b) VALUES ('oil', 'tea')") }
        try connection.execute("INSERT INTO t(a, b) VALUES ('coffee', '')")
        recorder.readsPhrase = 1
        try connection.statement("SELECT record(t) FROM t WHERE t MATCH 'coffee OR oil' AND rowid = 6").forEachRow {
            _ in
        }
        #expect(recorder.rows == [1, 2, 3])
    }

    @Test func `what a function throws is the query's error`() throws {
        try connection.execute("INSERT INTO t(a, b) VALUES ('oil', '')")
        recorder.failure = .interrupted("test")
        let error = #expect(throws: SQLiteError.self) {
            try connection.statement("SELECT record(t) FROM t WHERE t MATCH 'oil'").forEachRow { _ in }
        }
        #expect(error?.isInterrupted == true)
    }

    @Test func `tokenizer and function live as long as their connection`() throws {
        weak var tokenizer: Initials?
        weak var recorder: Recorder?
        var connection: Connection? = try Connection(path: ":memory:")
        do {
            let made = (Initials(), Recorder())
            (tokenizer, recorder) = made
            try connection?.register(tokenizer: made.0, name: "initials")
            try connection?.register(function: made.1, name: "record")
        }
        #expect(tokenizer != nil && recorder != nil)
        try connection?.execute("CREATE VIRTUAL TABLE t USING fts5(a, tokenize='initials')")
        connection = nil
        #expect(tokenizer == nil && recorder == nil)
    }
}
