import HTTP

/// A file that ships inside the executable.
struct Asset: Sendable {
    private let contentType: String
    private let body: [UInt8]
    private let tag: String

    private init(_ contentType: String, _ body: [UInt8]) {
        self.contentType = contentType
        self.body = body
        // FNV-1a: it only has to differ when the file does.
        let hash = body.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        tag = "\"\(String(hash, radix: 16))\""
    }

    /// All of them by path.
    static let all: [String: Asset] = [
        "/page.css": Asset("text/css; charset=utf-8", PackageResources.page_css),
        "/page.js": Asset("text/javascript; charset=utf-8", PackageResources.page_js),
        "/favicon.svg": Asset("image/svg+xml", PackageResources.favicon_svg),
    ]

    /// Answers with the file, or says that the browser has it already.
    func response(to request: HTTP.Request) -> Response {
        var response =
            request.header("If-None-Match") == tag
            ? Response(status: 304) : Response(contentType: contentType, body: body)
        response.addHeader("ETag", tag)
        response.addHeader("Cache-Control", "no-cache")
        return response
    }
}
