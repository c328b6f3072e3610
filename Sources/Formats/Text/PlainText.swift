import Articles

/// The bytes of a text file made ready for reading: UTF-8 without a byte order mark, every line end a line feed.
struct PlainText {
    /// Valid UTF-8; the text begins at ``start``.
    let bytes: [UInt8]
    /// Where the text begins, behind a byte order mark.
    let start: Int
    /// What was doubtful.
    let warnings: [String]

    /// Takes a file's bytes, or throws `binary` or `invalid_utf8`.
    ///
    /// Stray control bytes are removed with a warning; a NUL, or control bytes that are more than four and more than one
    /// byte in fifty, make the file binary. Binary is looked for first: nobody can convert a picture to UTF-8.
    init(_ file: [UInt8], format: String) throws(ParseError) {
        let scan = file.withUnsafeBufferPointer { UTF8Scan($0) }
        if file.starts(with: [0xff, 0xfe]) && file.count.isMultiple(of: 2) || file.starts(with: [0xfe, 0xff]) {
            throw ParseError(
                code: .invalidUTF8, format: format, position: .byte(0), message: "the file is UTF-16",
                hint: "convert the file to UTF-8")
        }
        if let nul = scan.firstNUL {
            // A copy in progress into space that was allocated beforehand has nothing but NULs behind what is written.
            throw ParseError(
                code: .binary, format: format, position: .byte(nul), message: "there is a NUL, so this is not text",
                looksTruncated: file[nul...].allSatisfy { $0 == 0 })
        }
        if let first = scan.firstControlByte, scan.controlBytes > 4, scan.controlBytes > file.count / 50 {
            throw ParseError(
                code: .binary, format: format, position: .byte(first),
                message: "there are \(scan.controlBytes) control bytes, so this is not text")
        }
        switch scan.fault {
        case .invalid(let offset):
            let line = PlainText.line(of: offset, in: file)
            throw ParseError(
                code: .invalidUTF8, format: format, position: .byte(offset),
                message: "the byte 0x\(String(file[offset], radix: 16)) on line \(line) is not UTF-8",
                hint: "convert the file to UTF-8")
        case .cut(let offset):
            let line = PlainText.line(of: offset, in: file)
            throw ParseError(
                code: .invalidUTF8, format: format, position: .byte(offset),
                message: "the file ends within a character on line \(line)",
                hint: "drop the whole file again, or convert it to UTF-8", looksTruncated: true)
        case nil: break
        }
        start = file.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        let needsCleaning = scan.hasCarriageReturn || scan.controlBytes > 0
        bytes = needsCleaning ? PlainText.cleaned(file) : file
        warnings = scan.controlBytes > 0 ? ["control_characters_removed"] : []
    }

    /// Turns CRLF and CR into LF and drops control bytes.
    private static func cleaned(_ file: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(file.count)
        var previous: UInt8 = 0
        for byte in file {
            switch byte {
            case 0x0d: text.append(0x0a)
            case 0x0a: if previous != 0x0d { text.append(0x0a) }
            case 0x09, 0x0c, 0x20...0xff: text.append(byte)
            default: break
            }
            previous = byte
        }
        return text
    }

    /// The line of an offset, from 1, where CRLF, LF and CR each end one.
    private static func line(of offset: Int, in file: [UInt8]) -> Int {
        var line = 1
        var previous: UInt8 = 0
        for byte in file[..<offset] {
            if byte == 0x0d || byte == 0x0a && previous != 0x0d { line += 1 }
            previous = byte
        }
        return line
    }
}
