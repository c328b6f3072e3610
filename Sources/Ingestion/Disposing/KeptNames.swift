import Glibc
import Linux

/// The names that a file may be kept under, in the order in which they are tried: its own, then with the number of its
/// ledger row, then with a further number. One that would be too long is cut between characters.
struct KeptNames: Sequence {
    private let name: RelativePath
    private let row: Int64
    private let range: Range<Int>
    private static let count = 100

    /// All names of a row's file.
    init(of entry: Ledger.Entry) {
        name = entry.path.lastPart
        row = entry.id
        range = 0..<KeptNames.count
    }

    private init(name: RelativePath, row: Int64, range: Range<Int>) {
        self.name = name
        self.row = row
        self.range = range
    }

    /// The first name that pleases.
    func first(where pleases: (RelativePath) throws(SystemError) -> Bool) throws(SystemError) -> RelativePath? {
        for index in range {
            let name = name(index)
            if try pleases(name) { return name }
        }
        return nil
    }

    /// One name alone.
    static func only(_ name: RelativePath) -> KeptNames { KeptNames(name: name, row: 0, range: 0..<1) }

    func makeIterator() -> AnyIterator<RelativePath> {
        var rest = range.makeIterator()
        return AnyIterator { rest.next().map(name) }
    }

    private func name(_ index: Int) -> RelativePath {
        if index == 0 { return name }
        let suffix = Array((index == 1 ? "~\(row)" : "~\(row).\(index)").utf8)
        return RelativePath(bytes: name.bytes.cut(to: Int(NAME_MAX) - suffix.count) + suffix)
    }
}

extension RelativePath {
    /// The last part as a path of its own.
    var lastPart: RelativePath { RelativePath(bytes: name) }
}

extension ArraySlice<UInt8> {
    /// The first bytes, at most `limit`, without a UTF-8 character that is cut in two.
    func cut(to limit: Int) -> ArraySlice<UInt8> {
        guard count > limit else { return self }
        var end = startIndex + limit
        while end > startIndex, self[end] & 0xc0 == 0x80 { end -= 1 }
        return end > startIndex ? self[..<end] : prefix(limit)
    }
}
