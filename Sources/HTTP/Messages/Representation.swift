import Synchronization

/// A content that is answered with in the form that the client takes, or with 304 where it has it already.
///
/// It sees to `ETag` and `If-None-Match`, and to gzip by `Accept-Encoding`. Event streams are none: they have neither
/// an end to hash nor a block to compress.
package struct Representation: Sendable {
    /// The content's type, as it is sent.
    package let contentType: String
    /// The plain bytes.
    package let body: [UInt8]
    /// The tag of the plain bytes; the compressed ones have one of their own, which is derived.
    package let tag: EntityTag
    /// The compressed bytes of what is kept.
    private let packed: Packed?

    /// Compressed bytes, made when they are first asked for.
    private final class Packed: Sendable {
        let effort: Gzip.Effort
        /// Empty where compression does not pay.
        let bytes = Mutex<[UInt8]?>(nil)

        init(_ effort: Gzip.Effort) { self.effort = effort }
    }

    /// Below so many bytes compression saves no packet.
    package static let threshold = 1024

    /// Makes a representation that is sent once.
    ///
    /// - Parameter tag: what changes with the content; made from the bytes where it is nil.
    package init(contentType: String, body: [UInt8], tag: EntityTag? = nil) {
        self.contentType = contentType
        self.body = body
        self.tag = tag ?? EntityTag(of: body)
        packed = nil
    }

    /// Makes a representation that is kept and sent again and again: it is compressed once, and as well as can be.
    package init(asset body: [UInt8], contentType: String) {
        self.init(kept: body, contentType: contentType, effort: .best)
        _ = compressed
    }

    /// Makes a representation that many are sent for a moment: it is compressed once, when the first asks for that.
    package init(shared body: [UInt8], contentType: String) {
        self.init(kept: body, contentType: contentType, effort: .quick)
    }

    private init(kept body: [UInt8], contentType: String, effort: Gzip.Effort) {
        self.contentType = contentType
        self.body = body
        tag = EntityTag(of: body)
        packed = Packed(effort)
    }

    /// Answers a request for it.
    ///
    /// To a method other than GET and HEAD it is never 304: what has been done has no copy that could be valid.
    package func response(to request: Request) -> Response {
        let coding = coding(for: request)
        guard let coding else {
            var response = Response.text("There is no form of this that is taken.\n", status: 406)
            response.addHeader("Vary", "Accept-Encoding")
            return response
        }
        let isRead = request.method == "GET" || request.method == "HEAD"
        let tag = coding == .gzip ? EntityTag(self.tag.value + "-gzip") : self.tag
        var response: Response
        // Found out before anything is compressed.
        if isRead, let known = request.headerList("If-None-Match"), tag.isMatched(by: known) {
            response = Response(status: 304)
        } else {
            response = Response(contentType: contentType, body: coding == .gzip ? compressed : body)
            if coding == .gzip { response.addHeader("Content-Encoding", "gzip") }
        }
        response.addHeader("ETag", tag.description)
        if Representation.isCompressible(contentType) { response.addHeader("Vary", "Accept-Encoding") }
        return response
    }

    private enum Coding { case identity, gzip }

    /// The form that is sent; nil where the client takes none.
    private func coding(for request: Request) -> Coding? {
        let accepted = AcceptEncoding(request.headerList("Accept-Encoding"))
        let (plain, gzip) = (accepted.weight(of: "identity"), accepted.weight(of: "gzip"))
        guard Representation.isCompressible(contentType), gzip > 0 else { return plain > 0 ? .identity : nil }
        if plain == 0 { return .gzip }
        guard gzip >= plain, body.count >= Representation.threshold else { return .identity }
        // What was compressed and is kept may have turned out to be no shorter.
        return packed?.bytes.withLock({ $0?.isEmpty }) == true ? .identity : .gzip
    }

    private var compressed: [UInt8] {
        guard let packed else { return Gzip.compressed(body, effort: .quick) }
        guard Representation.isCompressible(contentType) else { return [] }
        let kept = packed.bytes.withLock { bytes in
            if let bytes { return bytes }
            let made = Gzip.compressed(body, effort: packed.effort)
            bytes = made.count < body.count ? made : []
            return bytes ?? []
        }
        // Who takes nothing else gets it though it is longer.
        return kept.isEmpty ? Gzip.compressed(body, effort: .quick) : kept
    }

    /// Pictures and archives are compressed already.
    private static func isCompressible(_ contentType: String) -> Bool {
        let type = contentType.prefix { $0 != ";" }.lowercased()
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || ["application/json", "application/xml", "application/javascript"].contains(type)
    }
}
