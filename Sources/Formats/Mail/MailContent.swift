import Encodings

/// What there is to read in a mail: its text, its markup, and what is attached.
///
/// Of alternatives the text is taken, unless it says nothing beside the markup; the markup is kept beside it. Texts
/// that follow each other make one text. What a server reports of a mail that it could not deliver, and signatures, are
/// left out.
struct MailContent {
    /// A file that is attached, or shown in the text.
    struct Attachment {
        var name: String?
        var type: String
        var contentID: String?
        var location: String?
        var description: String?
        /// The encoding that its part names.
        var charset: [UInt8]?
        var bytes: [UInt8]

        /// Whether it is of a type of which articles are; else it is something to look at, whatever is in it.
        var mayBeArticle: Bool {
            let ending = name?.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last?.lowercased()
            return Attachment.types.contains(type) || type.hasSuffix("+xml") && type != "image/svg+xml"
                || type.hasSuffix("+json") || ending.map { Attachment.endings.contains($0) } ?? false
        }

        /// Whether it is called a plain text.
        var isText: Bool {
            type == "text/plain" || type == "text/markdown" || type == "text/x-markdown"
                || [".txt", ".text", ".md"].contains { name?.lowercased().hasSuffix($0) ?? false }
        }

        /// Its name, or one that says what it is.
        var path: String {
            name ?? (type == "message/rfc822" || type == "message/global" ? "message.eml" : "attachment")
        }

        private static let types: Set<String> = [
            "text/plain", "text/html", "text/xml", "text/markdown", "text/x-markdown", "message/rfc822",
            "message/global", "message/news", "application/mbox", "application/xml", "application/xhtml+xml",
            "application/json", "application/x-ndjson", "application/zip", "application/x-zip-compressed",
            "application/gzip", "application/x-gzip", "application/x-tar", "application/zstd", "application/x-xz",
            "application/x-bzip2", "application/warc",
        ]
        private static let endings: Set<String> = [
            "txt", "text", "md", "markdown", "html", "htm", "xhtml", "xml", "nitf", "newsml", "rss", "atom", "rdf",
            "json",
            "ndjson", "jsonl", "eml", "emlx", "mbox", "mbx", "warc", "arc", "zip", "gz", "tgz", "tar", "zst", "xz",
            "bz2",
        ]
    }

    private(set) var text: String?
    private(set) var markup: String?
    private(set) var attachments: [Attachment] = []
    /// The encoding of the text.
    private(set) var encoding: TextEncoding?
    private(set) var isEncrypted = false
    private(set) var warnings: Set<String> = []
    /// What the texts of the mail are in, which what is not encoded in the header may be in, too.
    private(set) var charset: [UInt8]?

    /// The message; it is at hand while the content is read, and no longer.
    private var bytes: UnsafeBufferPointer<UInt8>

    init(_ message: MIMEPart, _ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        var body = Body()
        read(message, into: &body, role: .message)
        text = body.text
        markup = body.markup
        self.bytes = UnsafeBufferPointer(start: nil, count: 0)
    }

    /// A text in one or both forms.
    private struct Body {
        var text: String?
        var markup: String?

        mutating func append(_ other: Body) {
            text = Body.joined(text, other.text)
            markup = Body.joined(markup, other.markup)
        }

        private static func joined(_ one: String?, _ other: String?) -> String? {
            guard let one, let other else { return one ?? other }
            return "\(one)\n\n\(other)"
        }
    }

    /// What a part is to the one that it lies in.
    private enum Role {
        case message, first, further
    }

    private mutating func read(_ part: MIMEPart, into body: inout Body, role: Role) {
        guard part.isMultipart else { return readLeaf(part, into: &body, role: role) }
        switch part.type.value {
        case "multipart/alternative": readAlternatives(part, into: &body)
        case "multipart/encrypted": isEncrypted = true
        case "multipart/report":
            // The rest is for programs, and the mail that came back.
            if let first = part.parts.first { read(first, into: &body, role: .first) }
        case "multipart/signed":
            if let first = part.parts.first { read(first, into: &body, role: role) }
            for other in part.parts.dropFirst() where !other.type.value.hasSuffix("signature") {
                read(other, into: &body, role: .further)
            }
        default:
            for (index, part) in part.parts.enumerated() {
                read(part, into: &body, role: index == 0 ? .first : .further)
            }
        }
    }

    private mutating func readAlternatives(_ part: MIMEPart, into body: inout Body) {
        var best = Body()
        for alternative in part.parts {
            var one = Body()
            read(alternative, into: &one, role: .first)
            // Two plain texts are no alternatives of each other, unless one repeats the other.
            if one.text != best.text { best.append(Body(text: one.text, markup: nil)) }
            // The last is the one that the writer likes best.
            best.markup = one.markup ?? best.markup
        }
        body.append(best)
    }

    private mutating func readLeaf(_ part: MIMEPart, into body: inout Body, role: Role) {
        let type = part.type.value
        if type == "application/pkcs7-mime" || type == "application/x-pkcs7-mime" {
            isEncrypted = isEncrypted || part.type.text("smime-type") != "signed-data"
        }
        let isAttached = part.disposition?.value == "attachment"
        // Without a type, or with one that is none, it is a text; so is what says that it has parts and has none.
        let isText =
            type == "text/plain" || type == "text" || !type.contains("/") || type.hasPrefix("multipart/")
            || type == "text/enriched" || type == "text/x-markdown" || type == "text/markdown"
        let isMarkup = type == "text/html" || type == "application/xhtml+xml"
        let isShown = isText || isMarkup
        guard isShown, !isAttached || role == .message, role != .further || part.fileName == nil else {
            return attach(part)
        }
        let decoded = decode(part)
        if isMarkup {
            body.append(Body(text: nil, markup: decoded))
        } else {
            var text = decoded
            if type == "text/enriched" { text = text.replacing(/<[^<>\s]{1,60}>/, with: "") }
            if part.type.text("format")?.lowercased() == "flowed" {
                text = FlowedText.unflowed(text, deletesSpace: part.type.text("delsp")?.lowercased() == "yes")
            }
            guard !text.utf8.allSatisfy(\.isSpace) else { return }
            body.append(Body(text: text, markup: nil))
        }
    }

    private mutating func decode(_ part: MIMEPart) -> String {
        let bytes = TransferEncoding.decode(self.bytes[part.content], part.transferEncoding)
        let label = part.type.bytes("charset") ?? (part.type.value == "text/html" ? MailContent.declared(bytes) : nil)
        var decoded = MailCharset.decode(bytes, label)
        if decoded.text.contains(where: { $0 < 0x20 && !$0.isSpace }) {
            decoded.text.removeAll { $0 < 0x20 && !$0.isSpace }
            warnings.insert("control_characters_removed")
        }
        warnings.formUnion(decoded.warnings)
        encoding = encoding ?? decoded.encoding
        charset = charset ?? label
        return String(decoding: decoded.text, as: UTF8.self)
    }

    /// What markup says of its own encoding.
    private static func declared(_ bytes: [UInt8]) -> [UInt8]? {
        guard let start = bytes.prefix(2048).end(of: "charset=") else { return nil }
        let label = bytes[start...].prefix(42).drop { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
            .prefix { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        return label.isEmpty ? nil : Array(label)
    }

    private mutating func attach(_ part: MIMEPart) {
        let content = TransferEncoding.decode(bytes[part.content], part.transferEncoding)
        // A marker of what a list's server took off, or a part that is there for nothing.
        guard !content.isEmpty else { return }
        attachments.append(
            Attachment(
                name: part.fileName, type: part.type.value, contentID: part.contentID,
                location: part.header["content-location"].flatMap { EncodedWords.decode($0) },
                description: part.header["content-description"].flatMap { EncodedWords.decode($0) },
                charset: part.type.bytes("charset"), bytes: content))
    }
}
