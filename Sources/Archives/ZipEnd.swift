/// The record at the end of a zip (end of central directory), which says how many entries there are and where their
/// directory stands.
///
/// APPNOTE.TXT 4.3.14–4.3.16: <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>.
struct ZipEnd {
    /// The longest end: record, comment, and the records of zip64 before it.
    static let maximumSize = 22 + 0xffff + 20 + 56

    /// The number of entries.
    let entries: UInt64
    /// Where the directory begins.
    let directoryOffset: UInt64

    /// Finds the record in the last bytes of a zip; nil where it is not there.
    init?(in tail: [UInt8]) {
        guard tail.count >= 22 else { return nil }
        // A comment may follow, and bytes that a transfer has added.
        guard let place = (0...(tail.count - 22)).last(where: { tail.hasWord(0x0605_4b50, at: $0) }),
            place + 22 + Int(tail.number(at: place + 20, bytes: 2)) <= tail.count
        else { return nil }
        let entries = tail.number(at: place + 10, bytes: 2)
        let offset = tail.number(at: place + 16, bytes: 4)
        let large = place - 20 - 56
        if large >= 0, tail.hasWord(0x0706_4b50, at: place - 20), tail.hasWord(0x0606_4b50, at: large) {
            self.entries = tail.number(at: large + 32, bytes: 8)
            directoryOffset = tail.number(at: large + 48, bytes: 8)
        } else {
            self.entries = entries
            directoryOffset = offset
        }
    }
}

extension [UInt8] {
    fileprivate func hasWord(_ word: UInt64, at index: Int) -> Bool {
        self[index] == 0x50 && number(at: index, bytes: 4) == word
    }

    /// A number, least significant byte first.
    fileprivate func number(at index: Int, bytes: Int) -> UInt64 {
        self[index..<(index + bytes)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
