import Encodings

/// Words of a header that are not ASCII: `=?utf-8?B?w6Q=?=` (RFC 2047), and bytes beyond ASCII as they are.
enum EncodedWords {
    /// Returns the text of an unstructured field, white space joined to single spaces; nil where it is empty.
    ///
    /// - Parameter charset: what the mail's text is in, for bytes beyond ASCII that nobody encoded.
    static func decode(_ field: [UInt8], charset: [UInt8]? = nil) -> String? {
        var output: [UInt8] = []
        var run = Run()
        var index = 0
        var plain: [UInt8] = []
        func flushPlain() {
            guard !plain.isEmpty else { return }
            output += plain.contains { $0 >= 0x80 } ? MailCharset.decode(plain, charset).text : plain
            plain.removeAll()
        }
        while index < field.count {
            if field[index] == UInt8(ascii: "="), let word = word(field, at: index) {
                // White space between two words is there for folding alone.
                if run.isEmpty || !plain.allSatisfy(\.isSpace) {
                    run.flush(into: &output)
                    flushPlain()
                } else {
                    plain.removeAll()
                }
                run.add(word, to: &output)
                index = word.end
            } else {
                if !run.isEmpty, !field[index].isSpace {
                    run.flush(into: &output)
                    flushPlain()
                }
                plain.append(field[index])
                index += 1
            }
        }
        run.flush(into: &output)
        flushPlain()
        return tidied(output).nonEmpty
    }

    /// Removes control characters and joins white space.
    private static func tidied(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte.isSpace {
                if let last = output.last, last != 0x20 { output.append(0x20) }
            } else if byte > 0x1f, byte != 0x7f {
                output.append(byte)
            }
        }
        if output.last == 0x20 { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// One encoded word.
    private struct Word {
        var charset: [UInt8]
        var content: [UInt8]
        /// The index behind it.
        var end: Int
    }

    /// Words that follow each other in one encoding: they are decoded together, since a character may be split over
    /// two.
    private struct Run {
        private var charset: [UInt8] = []
        private var content: [UInt8] = []
        private(set) var isEmpty = true

        mutating func add(_ word: Word, to output: inout [UInt8]) {
            if !isEmpty, !word.charset.elementsEqual(charset) { flush(into: &output) }
            charset = word.charset
            content += word.content
            isEmpty = false
        }

        mutating func flush(into output: inout [UInt8]) {
            guard !isEmpty else { return }
            output += MailCharset.decode(content, charset).text
            content.removeAll()
            isEmpty = true
        }
    }

    /// No charset's name is longer, and no word: RFC 2047 allows 75 characters, writers make them longer.
    private static let limits = (charset: 60, word: 32 << 10)

    private static func word(_ field: [UInt8], at start: Int) -> Word? {
        let mark = UInt8(ascii: "?")
        guard start + 6 < field.count, field[start + 1] == mark else { return nil }
        var index = start + 2
        while index < field.count, field[index] != mark, field[index] > 0x20, index - start <= limits.charset {
            index += 1
        }
        guard index + 2 < field.count, index > start + 2, field[index] == mark, field[index + 2] == mark else {
            return nil
        }
        let charset = field[(start + 2)..<index].map(\.lowercased)
        let kind = field[index + 1].lowercased
        guard kind == UInt8(ascii: "b") || kind == UInt8(ascii: "q") else { return nil }
        let first = index + 3
        index = first
        let limit = min(field.count, start + limits.word)
        // In Q a space should be written as `_`, and is not always; a `?` may stand in a word.
        while index < limit, !(field[index] == mark && index + 1 < limit && field[index + 1] == UInt8(ascii: "=")) {
            // Another word begins, unless it is the filling of this one before its end.
            if field[index] == UInt8(ascii: "="), index + 2 < limit, field[index + 1] == mark,
                field[index + 2] != UInt8(ascii: "=")
            {
                return nil
            }
            index += 1
        }
        guard index + 1 < field.count, index < limit else { return nil }
        let content = field[first..<index]
        let bytes = kind == UInt8(ascii: "b") ? TransferEncoding.base64(content) : decodedQ(content)
        return Word(charset: charset, content: bytes, end: index + 2)
    }

    private static func decodedQ(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "="), index + 2 < text.endIndex, let high = text[index + 1].hexDigit,
                let low = text[index + 2].hexDigit
            {
                output.append(high << 4 | low)
                index += 3
                continue
            }
            output.append(byte == UInt8(ascii: "_") ? 0x20 : byte)
            index += 1
        }
        return output
    }
}
