import FoundationEssentials

/// Where the next page of a search begins, and what its first page was ranked by.
///
/// A score depends on how many articles there are and how often a word stands in them, which changes as articles come. So
/// a cursor carries these numbers: later pages rank as the first one did, and what was there then is shown once, wherever
/// newcomers stand. It is a text without meaning to whoever gets it.
struct SearchCursor: Equatable {
    /// The numbers that scores are made of.
    struct Basis: Equatable {
        /// How many documents there were, and the mean number of their words.
        var count: UInt32
        var meanWords: Float
        /// By phrase of the query, how many documents held it.
        var frequencies: [UInt32]
        /// One more than the highest document number.
        var end: UInt32
        /// The highest number of a name: words are looked for in the forms of the languages that were known.
        var names: UInt32
        /// The moment from which ages are counted, milliseconds since 1970; 0 where they do not count.
        var now: Int64
    }

    /// Stands for what was asked, and of which index.
    var question: UInt64
    /// What the last hit was sorted by, and its number.
    var key: Double
    var number: UInt32
    var basis: Basis

    init(question: UInt64, key: Double, number: UInt32, basis: Basis) {
        self.question = question
        self.key = key
        self.number = number
        self.basis = basis
    }

    /// Whether a hit comes after the cursor's: it has a lower key, or the same one and a lower number.
    func precedes(_ key: Double, _ number: UInt32) -> Bool { (key, number) < (self.key, self.number) }

    // MARK: As a text

    private static let format: UInt8 = 1
    private static let fixedSize = 1 + 8 + 8 + 4 + 4 + 4 + 4 + 4 + 8
    private static let checkSize = 8

    /// The cursor as a text of letters, digits, hyphens and underscores.
    var text: String {
        var bytes: [UInt8] = [SearchCursor.format]
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { bytes += $0 } }
        put(question)
        put(key.bitPattern)
        put(number)
        put(basis.count)
        put(basis.meanWords.bitPattern)
        put(basis.end)
        put(basis.names)
        put(basis.now)
        for frequency in basis.frequencies { put(frequency) }
        put(FNV.hash(bytes.span))
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Reads a text that ``text`` made.
    init(_ text: String) throws(SearchCursorError) {
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard text.utf8.count <= 4096, let data = Data(base64Encoded: standard + padding) else { throw .damaged }
        let bytes = Array(data)
        let body = bytes.count - SearchCursor.checkSize
        guard body >= SearchCursor.fixedSize, (body - SearchCursor.fixedSize) % 4 == 0,
            bytes[0] == SearchCursor.format
        else { throw .damaged }
        var place = 1
        func take<Value: FixedWidthInteger>(_: Value.Type) -> Value {
            var value: Value = 0
            for index in 0..<Value.bitWidth / 8 {
                value |= Value(truncatingIfNeeded: bytes[place + index]) << (8 * index)
            }
            place += Value.bitWidth / 8
            return value
        }
        question = take(UInt64.self)
        key = Double(bitPattern: take(UInt64.self))
        number = take(UInt32.self)
        basis = Basis(
            count: take(UInt32.self), meanWords: Float(bitPattern: take(UInt32.self)), frequencies: [],
            end: take(UInt32.self), names: take(UInt32.self), now: take(Int64.self))
        while place < body { basis.frequencies.append(take(UInt32.self)) }
        guard take(UInt64.self) == FNV.hash(bytes.span.extracting(0..<body)), !key.isNaN, basis.meanWords > 0,
            basis.now >= 0
        else {
            throw .damaged
        }
    }
}

/// A cursor that is none, or not one of the search that it is given to.
package struct SearchCursorError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    /// What no search gave.
    static let damaged = SearchCursorError(
        description: "the cursor is not one that a search gave, or only a part of it: take 'next' as it stands")
    /// A cursor of another query, order or index.
    static let foreign = SearchCursorError(
        description: "the cursor belongs to another search, or to an index that is gone: begin again without it")
}
