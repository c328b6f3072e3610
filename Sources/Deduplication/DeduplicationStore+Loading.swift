import Articles
import SQLite

/// What is read at the start.
extension DeduplicationStore {
    /// What is loaded of a document at the start.
    struct Loaded {
        let document: Int64
        let seenMilliseconds: Int64
        let story: Int64
        let replacementKey: UInt64
        let traits: DocumentRow.Traits
    }

    /// What is loaded of its sketch.
    struct LoadedSketch {
        let fingerprint: Sketch.Fingerprint
        let size: Int
    }

    /// Calls `body` with every document in the order of arrival, and with its sketch where it has one: its band keys,
    /// then its anchors.
    ///
    /// Each table is read from end to end, which takes a third of the time of a join.
    ///
    /// - Parameter lines: called with what is counted of every document's lines, also of those before the cutoff.
    func forEachDocument(
        since cutoff: Int64, lines: (_ lines: UnsafeBufferPointer<UInt32>) -> Void,
        _ body: (Loaded, _ sketch: LoadedSketch?, _ keys: UnsafeBufferPointer<UInt32>) throws -> Void
    ) throws {
        let documents = try connection.prepare(
            "SELECT doc, seen_ms, story, uri_key, traits, sketch FROM dedup_document ORDER BY doc")
        let sketches = try connection.prepare(
            "SELECT doc, fingerprint, size, keys, lines FROM dedup_sketch ORDER BY doc")
        var counted: [UInt32] = []
        func advance() throws -> Bool {
            guard try sketches.step() else { return false }
            if !sketches.isNull(4) {
                let count = sketches.withBytes(4) { Self.copy($0, to: &counted) }
                counted.withUnsafeBufferPointer { lines(UnsafeBufferPointer(rebasing: $0[..<count])) }
            }
            return true
        }
        var hasSketch = try advance()
        var keys: [UInt32] = []
        try documents.forEachRow { row in
            let document = row.int64(0)
            let seen = row.int64(1)
            guard seen >= cutoff else { return }
            let loaded = Loaded(
                document: document, seenMilliseconds: seen, story: row.int64(2),
                replacementKey: UInt64(bitPattern: row.int64(3)), traits: DocumentRow.Traits(rawValue: row.int64(4)))
            guard !row.isNull(5), row.int64(5) == document else {
                return try body(loaded, nil, UnsafeBufferPointer(start: nil, count: 0))
            }
            while hasSketch, sketches.int64(0) < document { hasSketch = try advance() }
            guard hasSketch, sketches.int64(0) == document else {
                throw DeduplicationError.damagedRow(document: document)
            }
            let fingerprint = sketches.withBytes(1) { bytes in
                bytes.count == 16
                    ? Sketch.Fingerprint(
                        high: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
                        low: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))) : nil
            }
            guard let fingerprint else { throw DeduplicationError.damagedRow(document: document) }
            let count = sketches.withBytes(3) { Self.copy($0, to: &keys) }
            try keys.withUnsafeBufferPointer {
                try body(
                    loaded, LoadedSketch(fingerprint: fingerprint, size: sketches.int(2)),
                    UnsafeBufferPointer(rebasing: $0[..<count]))
            }
        }
    }

    /// Copies integers to the start of an array that is as long as needed; returns how many.
    private static func copy(_ bytes: UnsafeRawBufferPointer, to values: inout [UInt32]) -> Int {
        let count = bytes.count / 4
        if values.count < count { values = Array(repeating: 0, count: count * 2) }
        values.withUnsafeMutableBytes {
            $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * 4)]))
        }
        return count
    }
}
