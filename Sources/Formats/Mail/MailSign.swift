/// By what a mail is known: a header at its beginning that is clearly a mail's.
enum MailSign {
    /// How much of a file is looked at.
    private static let limit = 512

    /// Fields whose values have a form that no other text has by chance.
    private static let strong: [(name: String, sign: UInt8)] = [
        ("from", UInt8(ascii: "@")), ("to", UInt8(ascii: "@")), ("message-id", UInt8(ascii: "@")),
        ("return-path", UInt8(ascii: "<")), ("delivered-to", UInt8(ascii: "@")), ("x-original-to", UInt8(ascii: "@")),
        ("received", UInt8(ascii: " ")), ("mime-version", UInt8(ascii: "1")), ("content-type", UInt8(ascii: "/")),
        ("envelope-to", UInt8(ascii: "@")), ("path", UInt8(ascii: "!")), ("dkim-signature", UInt8(ascii: "=")),
        ("arc-seal", UInt8(ascii: "=")), ("sender", UInt8(ascii: "@")), ("reply-to", UInt8(ascii: "@")),
        ("x-received", UInt8(ascii: " ")), ("authentication-results", UInt8(ascii: ";")),
        ("received-spf", UInt8(ascii: " ")), ("delivery-date", UInt8(ascii: ":")), ("list-id", UInt8(ascii: "<")),
    ]
    private static let weak: Set<String> = [
        "subject", "date", "from", "to", "cc", "bcc", "newsgroups", "content-transfer-encoding", "content-disposition",
        "references", "in-reply-to", "organization", "x-mailer", "user-agent", "status", "x-status", "lines", "xref",
        "importance", "x-priority", "precedence", "thread-topic", "thread-index", "content-language", "keywords",
    ]

    /// Returns by what a file is known that begins as a mail does: every line of its header is one, and two fields or
    /// more are a mail's, at least one with a value that only mail has. A text whose headline has a colon is none. Where
    /// the name is a mail's, one field is enough.
    static func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { bytes in
            let start = UnsafeBufferPointer(rebasing: bytes.prefix(limit))
            // Most files are known for none by their first word.
            guard let first = firstLine(start), MailHeader.colon(in: first) != nil else { return nil }
            let isNamed = isMailName(name)
            guard isHeader(start, isNamed: isNamed) else { return nil }
            return isNamed
                ? "it begins with a field of a mail's header, and its name is a mail's"
                : "it begins with the header of a mail"
        }
    }

    /// Where the mail begins in a file of Apple's mail program, whose first line is its length; nil where it is none.
    static func startOfCounted(_ bytes: [UInt8]) -> (start: Int, count: Int)? {
        let digits = bytes.prefix(20).prefix { $0.isDigit }
        guard !digits.isEmpty, digits.count <= 12, let count = Int(String(decoding: digits, as: UTF8.self)) else {
            return nil
        }
        let rest = bytes[digits.count...].prefix(20).drop { $0 == 0x20 || $0 == 0x0d }
        guard rest.first == 0x0a else { return nil }
        let start = rest.startIndex + 1
        let isMail = bytes.withUnsafeBufferPointer {
            isHeader(UnsafeBufferPointer(rebasing: $0[start...].prefix(limit)), isNamed: false)
        }
        guard isMail else { return nil }
        return (start, count)
    }

    private static func isMailName(_ name: [UInt8]) -> Bool {
        if name.hasEnding(".eml") || name.hasEnding(".emlx") || name.hasEnding(".mht") { return true }
        // Maildir: `1700000000.M1P2.host,S=5:2,S`.
        guard name.first?.isDigit == true else { return false }
        return name.contains(sequence: ":2,") || name.contains(sequence: ";2,") || name.contains(sequence: "!2,")
    }

    /// The lines from the first that is not blank, behind a byte order mark.
    private static func lines(_ start: UnsafeBufferPointer<UInt8>) -> MailLines {
        var lines = MailLines(start, from: start.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
        while lines.place < start.count, start[lines.place] == 0x0a || start[lines.place] == 0x0d { lines.place += 1 }
        return lines
    }

    private static func firstLine(_ start: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>>? {
        var lines = lines(start)
        return lines.next()
    }

    private static func isHeader(_ start: UnsafeBufferPointer<UInt8>, isNamed: Bool) -> Bool {
        var lines = lines(start)
        var names: Set<String> = []
        var signs = 0
        while let line = lines.next(), !line.isEmpty {
            // The last may be cut, by the end of what is looked at or of the file.
            let isCut = lines.isAtEnd
            if line.first == 0x20 || line.first == 0x09 {
                if names.isEmpty { return false }
                continue
            }
            guard let colon = MailHeader.colon(in: line) else {
                if isCut { break }
                // What is broken further on is still a mail.
                if isNamed, !names.isEmpty { break }
                return false
            }
            let name = String(decoding: line[..<colon].trimmed().map(\.lowercased), as: UTF8.self)
            let value = line[colon...].dropFirst()
            if let field = strong.first(where: { $0.name == name }) {
                // The value may stand on the next line.
                if value.contains(field.sign) || value.trimmed().isEmpty {
                    signs += names.contains(name) ? 0 : 1
                    names.insert(name)
                } else if weak.contains(name) {
                    names.insert(name)
                }
            } else if weak.contains(name) {
                names.insert(name)
            }
        }
        return isNamed ? !names.isEmpty : signs > 0 && names.count >= 2
    }
}
