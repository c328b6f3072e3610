import Archives

/// What a server answered, as a crawler wrote it down: status, type, and the content without what it was carried in.
struct HTTPResponse {
    /// The status; 0 where there is no status line.
    let status: Int
    /// The content's type in lower case, without parameters.
    let contentType: String?
    /// The encoding that the header names.
    let charset: String?
    private let fields: HeaderFields
    private let body: ArraySlice<UInt8>

    /// How much of an answer is looked at for the end of its header.
    static let headerLimit = 64 << 10

    /// Takes a message; without a header all of it is content.
    init(_ message: ArraySlice<UInt8>) {
        let end = HTTPResponse.headerEnd(of: message)
        guard message.starts(with: "HTTP/".utf8), let end else {
            (status, contentType, charset, fields, body) = (0, nil, nil, HeaderFields([]), message)
            return
        }
        let line = message.prefix { $0 != 0x0a }
        let words = line.split(separator: 0x20)
        status = words.count > 1 ? Int(String(decoding: words[1].prefix { $0.isDigit }, as: UTF8.self)) ?? 0 : 0
        fields = HeaderFields(message[line.endIndex..<end])
        body = message[end...]
        let type = fields["content-type"]?.lowercased()
        contentType = type.map { String($0.prefix { $0 != ";" && $0 != " " }) }
        charset = type.flatMap { type in
            type.firstRange(of: "charset=").map { mark in
                String(
                    type[mark.upperBound...].drop { $0 == "\"" || $0 == "'" }.prefix {
                        $0 != ";" && $0 != "\"" && $0 != "'"
                    })
            }
        }
    }

    /// Whether all of the content is there that the header announces.
    var isWhole: Bool { fields["content-length"].flatMap { Int($0) }.map { body.count >= $0 } ?? false }

    /// Returns the index behind the blank line that ends a header.
    static func headerEnd(of message: ArraySlice<UInt8>) -> Int? {
        var index = message.startIndex
        let limit = min(message.endIndex, message.startIndex + headerLimit)
        while index < limit {
            guard message[index] == 0x0a else {
                index += 1
                continue
            }
            if index + 1 < limit, message[index + 1] == 0x0a { return index + 2 }
            if index + 2 < limit, message[index + 1] == 0x0d, message[index + 2] == 0x0a { return index + 3 }
            index += 1
        }
        return nil
    }

    /// Returns the content, at most `limit` bytes and one more.
    ///
    /// Crawlers often undo what a content was carried in and leave the header as it was: what is not chunked or compressed
    /// is taken as it is.
    func content(upTo limit: Int) -> [UInt8] {
        var content = Array(body)
        if fields["transfer-encoding"]?.lowercased().contains("chunked") == true {
            content = HTTPResponse.unchunked(content)
        }
        let coding = fields["content-encoding"]?.lowercased()
        if coding == "gzip" || coding == "x-gzip", content.starts(with: [0x1f, 0x8b]) {
            return HTTPResponse.expanded(content, upTo: limit)
        }
        return content
    }

    /// Undoes the chunks (RFC 9112, section 7.1); what follows a chunk that is none is taken as it is.
    private static func unchunked(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let line = bytes[index...].prefix { $0 != 0x0a }
            let digits = line.prefix { $0.isDigit || (0x41...0x46).contains($0 & 0xdf) }
            guard line.endIndex < bytes.count, !digits.isEmpty, digits.count <= 8,
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return output + bytes[index...] }
            if size == 0 { return output }
            let start = line.endIndex + 1
            let end = min(bytes.count, start + size)
            output += bytes[start..<end]
            index = end
            while index < bytes.count, bytes[index] == 0x0d || bytes[index] == 0x0a { index += 1 }
        }
        return output
    }

    /// Expands a content; one that ends early gives what there is of it.
    private static func expanded(_ bytes: [UInt8], upTo limit: Int) -> [UInt8] {
        let decompressor = Decompressor(.gzip, HeldBytes(bytes))
        var output: [UInt8] = []
        while output.count <= limit {
            guard let more = try? decompressor.read(upTo: min(1 << 16, limit + 1 - output.count)), !more.isEmpty else {
                break
            }
            output += more
        }
        return output
    }
}
