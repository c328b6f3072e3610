/// A tar that is put together byte by byte, so that it can be wrong where a test wants it to be.
package struct SampleTar {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Adds a member; `size` is what its header says.
    package mutating func add(
        _ name: [UInt8], _ content: [UInt8] = [], type: UInt8 = UInt8(ascii: "0"), linkName: String = "",
        size: Int? = nil
    ) {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Collection<UInt8>, at place: Int) {
            for (index, byte) in text.enumerated() { header[place + index] = byte }
        }
        func octal(_ number: Int, digits: Int) -> [UInt8] {
            let text = String(number, radix: 8)
            return Array((String(repeating: "0", count: max(0, digits - text.count)) + text).utf8)
        }
        put(name.prefix(100), at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size ?? content.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put(Array(repeating: 0x20, count: 8), at: 148)
        header[156] = type
        put(linkName.utf8, at: 157)
        put("ustar\0".utf8, at: 257)
        put("00".utf8, at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + [0, 0x20], at: 148)
        bytes += header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Adds a member.
    package mutating func add(_ name: String, _ content: String, type: Character = "0") {
        add(Array(name.utf8), Array(content.utf8), type: type.asciiValue!)
    }

    /// Adds a member after a pax header with these keywords.
    package mutating func add(_ name: String, _ content: String, pax: [(String, [UInt8])]) {
        var records: [UInt8] = []
        for (keyword, value) in pax {
            let rest = Array(" \(keyword)=".utf8) + value + [0x0a]
            // The length counts its own digits.
            var length = rest.count + 1
            while String(length).utf8.count + rest.count != length { length += 1 }
            records += Array(String(length).utf8) + rest
        }
        add(Array("PaxHeaders/x".utf8), records, type: UInt8(ascii: "x"))
        add(name, content)
    }

    /// The tar with the mark of its end.
    package var ended: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
