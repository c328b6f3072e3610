import HTTP

/// A file that ships inside the executable.
struct Asset: Sendable {
    private let representation: Representation
    /// Where pages ask for it: by its content, so that it may be kept for good.
    let address: String

    private init(_ path: String, _ contentType: String, _ body: [UInt8]) {
        representation = Representation(asset: body, contentType: contentType)
        address = "\(path)?v=\(representation.tag.value.prefix(12))"
    }

    /// All of them by path.
    static let all: [String: Asset] = [
        "/page.css": Asset("/page.css", "text/css; charset=utf-8", PackageResources.page_css),
        "/page.js": Asset("/page.js", "text/javascript; charset=utf-8", PackageResources.page_js),
        "/favicon.svg": Asset("/favicon.svg", "image/svg+xml", PackageResources.favicon_svg),
    ]

    /// The address of the asset at a path, which must be one.
    static func address(of path: String) -> String {
        guard let asset = all[path] else { fatalError("there is no asset \(path)") }
        return asset.address
    }

    /// Answers with the file, or says that the browser has it already.
    func response(to request: HTTP.Request) -> Response {
        var response = representation.response(to: request)
        let isOfThisContent = request.query("v") == String(representation.tag.value.prefix(12))
        response.addHeader(
            "Cache-Control", isOfThisContent ? "public, max-age=31536000, immutable" : "no-cache")
        return response
    }
}
