import Encodings

/// A value with parameters, as Content-Type and Content-Disposition have it (RFC 2045, with the extensions of RFC
/// 2231).
struct MIMEValue {
    /// The value in lower case, as `text/plain`.
    let value: String
    private let parameters: [String: [UInt8]]

    /// No value has more parameters that mean anything.
    private static let maximumParameters = 100

    init(_ field: [UInt8]) {
        var scanner = FieldScanner(field, specials: ";=")
        var value: [UInt8] = []
        var token = scanner.next()
        while let next = token, next != .special(UInt8(ascii: ";")) {
            if case .atom(let text) = next { value += text }
            token = scanner.next()
        }
        var pieces: [String: [UInt8]] = [:]
        while token != nil, pieces.count < MIMEValue.maximumParameters {
            token = scanner.next()
            var (name, text, isValue): ([UInt8], [UInt8], Bool) = ([], [], false)
            while let next = token, next != .special(UInt8(ascii: ";")) {
                switch next {
                case .special: isValue = true
                case .atom(let more):
                    if isValue {
                        // A file's name should be quoted where it has spaces, and is not always.
                        if scanner.followsSpace, !text.isEmpty { text.append(0x20) }
                        text += more
                    } else {
                        name += more
                    }
                case .quoted(let more): text += more
                case .comment: break
                }
                token = scanner.next()
            }
            let key = String(decoding: name.map(\.lowercased), as: UTF8.self)
            if !key.isEmpty, pieces[key] == nil { pieces[key] = text }
        }
        self.value = String(decoding: value.map(\.lowercased), as: UTF8.self)
        parameters = pieces
    }

    /// A parameter's bytes; nil where there is none, or it is empty.
    func bytes(_ name: String) -> [UInt8]? { parameters[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// A parameter as text: in pieces, with an encoding, or as encoded words, which are not allowed there and usual.
    func text(_ name: String) -> String? {
        if let value = bytes(name) { return EncodedWords.decode(value) }
        if let value = parameters["\(name)*"] { return extended(value) }
        guard parameters["\(name)*0"] != nil || parameters["\(name)*0*"] != nil else { return nil }
        var output: [UInt8] = []
        var charset: [UInt8]?
        for index in 0..<MIMEValue.maximumParameters {
            if let piece = parameters["\(name)*\(index)*"] {
                let (label, rest) = index == 0 ? MIMEValue.parted(piece) : (nil, piece[...])
                charset = charset ?? label
                output += MIMEValue.unescaped(rest)
            } else if let piece = parameters["\(name)*\(index)"] {
                output += piece
            } else {
                break
            }
        }
        return charset == nil ? EncodedWords.decode(output) : MailCharset.text(output, charset).nonEmpty
    }

    private func extended(_ value: [UInt8]) -> String? {
        let (charset, rest) = MIMEValue.parted(value)
        return MailCharset.text(MIMEValue.unescaped(rest), charset).nonEmpty
    }

    /// Parts `utf-8'en'text` into encoding and text.
    private static func parted(_ value: [UInt8]) -> ([UInt8]?, ArraySlice<UInt8>) {
        let pieces = value.split(separator: UInt8(ascii: "'"), maxSplits: 2, omittingEmptySubsequences: false)
        guard pieces.count == 3 else { return (nil, value[...]) }
        return (Array(pieces[0]), pieces[2])
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), index + 2 < text.endIndex,
                let high = text[index + 1].hexDigit, let low = text[index + 2].hexDigit
            {
                output.append(high << 4 | low)
                index += 3
            } else {
                output.append(text[index])
                index += 1
            }
        }
        return output
    }
}

extension String {
    /// The text, or nil where it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}

extension UInt8 {
    /// The value of a hexadecimal digit; nil where it is none.
    var hexDigit: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x37
        case 0x61...0x66: self - 0x57
        default: nil
        }
    }
}
