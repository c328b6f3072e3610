import Articles
import Encodings

/// The bytes of a page as UTF-8, and how that was reached.
struct PageEncoding {
    /// Valid UTF-8 without NULs and byte order mark.
    private(set) var text: [UInt8]
    private(set) var encoding: TextEncoding
    private(set) var warnings: [String] = []

    /// Reads a page by its byte order mark, else by what it declares, else by what its bytes look like.
    ///
    /// A page that is valid UTF-8 beyond ASCII is UTF-8, whatever it declares: no other text looks like that by chance.
    ///
    /// - Parameter declared: what was said of the page beside it; it goes before what the page says itself.
    init(_ page: [UInt8], format: String, declared: String? = nil) throws(ParseError) {
        if page.starts(with: [0xef, 0xbb, 0xbf]) {
            (text, encoding) = (Array(page.dropFirst(3)), .utf8)
        } else if let wide = PageEncoding.wide(page) {
            guard let converted = TextConverter.utf8(from: page, in: wide) else { throw PageEncoding.unreadable(wide) }
            (text, encoding) = (converted.text, wide)
            if text.starts(with: [0xef, 0xbb, 0xbf]) { text.removeFirst(3) }
            if converted.replaced > 0 { warnings.append("characters_replaced") }
        } else {
            (text, encoding) = (page, .utf8)
        }
        if encoding == .utf8 {
            let scan = text.withUnsafeBufferPointer { UTF8Scan($0) }
            if scan.firstNUL != nil {
                let nuls = text.count { $0 == 0 }
                guard nuls * 20 < text.count else {
                    throw ParseError(
                        code: .binary, format: format, position: scan.firstNUL.map { .byte($0) },
                        message: "there are \(nuls) NULs, so this is not text",
                        looksTruncated: text[(scan.firstNUL ?? 0)...].allSatisfy { $0 == 0 })
                }
            }
            if let fault = scan.fault { try decode(fault, declared) }
        }
        if text.contains(0) {
            text.removeAll { $0 == 0 }
            warnings.append("control_characters_removed")
        }
    }

    private mutating func decode(_ fault: UTF8Scan.Fault, _ beside: String?) throws(ParseError) {
        let declared =
            beside.flatMap { TextEncoding(label: $0) }
            ?? PageEncoding.declared(text).flatMap { TextEncoding(label: $0) }
        if let declared, declared != .utf8, declared != .utf16LittleEndian, declared != .utf16BigEndian,
            let converted = TextConverter.utf8(from: text, in: declared),
            converted.replaced * 100 <= text.count
        {
            accept(converted, declared)
            return
        }
        // A page that says UTF-8 and nearly is: cut, or with a piece of another page in it.
        let repaired = Array(String(decoding: text, as: UTF8.self).utf8)
        let replaced = PageEncoding.replacements(in: repaired)
        let characters = text.count { $0 >= 0xc2 }
        let isCut = if case .cut = fault { true } else { false }
        if isCut || declared == .utf8 && replaced * 4 <= characters || replaced * 20 <= characters {
            accept(.init(text: repaired, replaced: replaced), .utf8)
            return
        }
        let guess = EncodingDetector.guess(of: text)
        guard let converted = TextConverter.utf8(from: text, in: guess) else { throw PageEncoding.unreadable(guess) }
        accept(converted, guess)
        warnings.append("encoding_guessed")
    }

    private mutating func accept(_ converted: TextConverter.Output, _ encoding: TextEncoding) {
        text = converted.text
        self.encoding = encoding
        if converted.replaced > 0 { warnings.append("characters_replaced") }
    }

    private static func unreadable(_ encoding: TextEncoding) -> ParseError {
        ParseError(
            code: .unreadableEncoding, format: "html", message: "this machine cannot convert \(encoding) to UTF-8",
            hint:
                "install the conversions of the C library (Debian: libc-bin and locales), or convert the file to UTF-8")
    }

    private static func replacements(in text: [UInt8]) -> Int {
        var count = 0
        for index in text.indices.dropLast(2)
        where text[index] == 0xef && text[index + 1] == 0xbf && text[index + 2] == 0xbd {
            count += 1
        }
        return count
    }

    /// UTF-32 or UTF-16 by its mark, or by the NULs beside the first characters, which are ASCII in any page.
    static func wide(_ page: [UInt8]) -> TextEncoding? {
        // The mark of UTF-32 begins with that of UTF-16; without a mark it has three NULs beside the first character.
        if page.starts(with: [0xff, 0xfe, 0, 0])
            || page.count >= 4 && page[0] != 0 && page[1...3].allSatisfy({ $0 == 0 })
        {
            return .utf32LittleEndian
        }
        if page.starts(with: [0, 0, 0xfe, 0xff])
            || page.count >= 4 && page[3] != 0 && page[0...2].allSatisfy({ $0 == 0 })
        {
            return .utf32BigEndian
        }
        if page.starts(with: [0xff, 0xfe]) { return .utf16LittleEndian }
        if page.starts(with: [0xfe, 0xff]) { return .utf16BigEndian }
        guard page.count >= 8 else { return nil }
        let head = page.prefix(8)
        let isLittle = head.enumerated().allSatisfy { ($0.offset.isMultiple(of: 2)) == ($0.element != 0) }
        let isBig = head.enumerated().allSatisfy { ($0.offset.isMultiple(of: 2)) == ($0.element == 0) }
        return isLittle ? .utf16LittleEndian : isBig ? .utf16BigEndian : nil
    }

    /// The label behind `charset=` or `encoding=` near the page's beginning.
    private static func declared(_ page: [UInt8]) -> String? {
        let head = page.prefix(16_384)
        var index = head.startIndex
        while index < head.endIndex {
            let rest = head[index...]
            if rest.first?.lowercased == UInt8(ascii: "c") || rest.first?.lowercased == UInt8(ascii: "e") {
                for word in ["charset", "encoding"] {
                    guard rest.prefix(word.utf8.count).map(\.lowercased).elementsEqual(word.utf8) else { continue }
                    let value = rest.dropFirst(word.utf8.count).drop {
                        $0.isSpace || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'")
                    }
                    let label = value.prefix { $0.isLetter || $0.isDigit || [0x2d, 0x5f, 0x2e, 0x3a].contains($0) }
                    if !label.isEmpty, label.count <= 40 { return String(decoding: label, as: UTF8.self) }
                }
            }
            index += 1
        }
        return nil
    }
}
