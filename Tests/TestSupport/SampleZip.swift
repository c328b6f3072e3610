/// A zip that is put together byte by byte, so that it can be wrong where a test wants it to be.
package struct SampleZip {
    /// What its directory says of an entry.
    package struct Entry {
        package var name: [UInt8]
        package var method: Int
        package var checksum: UInt32
        package var compressedSize: Int
        package var size: Int
        /// Where its local header stands.
        package var offset: Int
    }

    package private(set) var bytes: [UInt8] = []
    package var entries: [Entry] = []

    package init() {}

    /// Adds a member, deflated.
    package mutating func add(_ name: String, _ content: [UInt8]) { add(Array(name.utf8), content) }

    /// Adds a member with a name of any bytes, deflated.
    package mutating func add(_ name: [UInt8], _ content: [UInt8]) {
        let compressed = SampleGzip.deflate(content)
        let entry = Entry(
            name: name, method: 8, checksum: SampleGzip.checksum(content),
            compressedSize: compressed.count, size: content.count, offset: bytes.count)
        entries.append(entry)
        bytes += SampleZip.localHeader(entry) + compressed
    }

    /// Adds bytes that belong to no entry, or to one that is added by hand.
    package mutating func append(_ more: [UInt8]) { bytes += more }

    /// The zip with its directory and its end.
    package var ended: [UInt8] {
        var directory: [UInt8] = []
        for entry in entries {
            directory += [0x50, 0x4b, 1, 2] + [20, 3, 20, 0, 0, 0] + SampleZip.word(entry.method)
            directory += [0, 0, 0x21, 0x5a] + SampleZip.fields(entry)
            directory += SampleZip.word(entry.name.count) + [0, 0, 0, 0, 0, 0, 0, 0]
            directory += SampleZip.long(0o100644 << 16) + SampleZip.long(entry.offset) + entry.name
        }
        let count = SampleZip.word(entries.count & 0xffff)
        return bytes + directory + [0x50, 0x4b, 5, 6, 0, 0, 0, 0] + count + count
            + SampleZip.long(directory.count) + SampleZip.long(bytes.count) + [0, 0]
    }

    /// The header that stands before an entry's bytes.
    package static func localHeader(_ entry: Entry) -> [UInt8] {
        [0x50, 0x4b, 3, 4, 20, 0, 0, 0] + word(entry.method) + [0, 0, 0x21, 0x5a] + fields(entry)
            + word(entry.name.count) + [0, 0] + entry.name
    }

    private static func fields(_ entry: Entry) -> [UInt8] {
        long(Int(entry.checksum)) + long(entry.compressedSize) + long(entry.size)
    }

    private static func word(_ number: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    private static func long(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
}

extension SampleZip {
    /// A zip whose entries all expand the same bytes: each begins with a block that quotes the header of the next, and then
    /// goes on as that one does.
    package static func overlapping(entries count: Int, kernel content: [UInt8]) -> [UInt8] {
        let kernel = SampleGzip.deflate(content)
        var tail = kernel
        var expanded = content
        var entries: [Entry] = []
        // From the last to the first, as each quotes the next.
        for number in (0..<count).reversed() {
            let entry = Entry(
                name: Array("\(number)".utf8), method: 8, checksum: SampleGzip.checksum(expanded),
                compressedSize: tail.count, size: expanded.count, offset: tail.count)
            let header = localHeader(entry)
            entries.append(entry)
            // Behind a word, as what begins with a header would be taken for a zip.
            let quotation = Array("Next: ".utf8) + header
            let block = [0] + word(quotation.count) + word(~quotation.count) + quotation
            if number == 0 {
                tail = header + tail
            } else {
                tail = block + tail
                expanded = quotation + expanded
            }
        }
        var zip = SampleZip()
        zip.append(tail)
        // So far an offset is the number of bytes behind the header.
        zip.entries = entries.reversed().map { entry in
            var entry = entry
            entry.offset = tail.count - entry.offset - localHeader(entry).count
            return entry
        }
        return zip.ended
    }
}
