/// Looks for keys of so many names (`a.b.c`) that the tables that they make would be nested without bound.
///
/// It reads as far as a text is TOML; what is behind the first fault nobody builds.
struct DottedKeys {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1

    /// Returns the first line with a key of more names than `depth`; nil where there is none.
    static func line(in bytes: [UInt8], deeperThan depth: Int) -> Int? {
        var keys = DottedKeys(bytes: bytes)
        return keys.find(depth)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func find(_ depth: Int) -> Int? {
        // Also those of a number or a date count, which have few.
        var names = 0
        while index < bytes.count {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(byte)
                continue
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0a { index += 1 }
                continue
            case UInt8(ascii: "."):
                names += 1
                if names >= depth { return line }
            case 0x0a:
                line += 1
                names = 0
            case UInt8(ascii: "="), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
                UInt8(ascii: "}"):
                names = 0
            default: break
            }
            index += 1
        }
        return nil
    }

    /// Goes behind a string of one line or of several.
    private mutating func skipString(_ mark: UInt8) {
        let isLong = index + 2 < bytes.count && bytes[index + 1] == mark && bytes[index + 2] == mark
        index += isLong ? 3 : 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == 0x0a {
                line += 1
                // No string of one line goes on: a fault.
                if !isLong { return }
            }
            if byte == UInt8(ascii: "\\"), mark == UInt8(ascii: "\"") {
                if index + 1 < bytes.count, bytes[index + 1] == 0x0a { line += 1 }
                index += 2
                continue
            }
            guard byte == mark else {
                index += 1
                continue
            }
            guard isLong else {
                index += 1
                return
            }
            let run = bytes[index...].prefix { $0 == mark }.count
            index += run
            if run >= 3 { return }
        }
    }
}
