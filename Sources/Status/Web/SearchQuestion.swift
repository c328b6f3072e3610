import HTTP

/// What is asked of the search.
struct SearchQuestion: Sendable {
    var text: String
    var limit: Int
    var offset: Int
    var sort: String
    /// The half-life of relevance, such as `7d`; nil for the index's own.
    var recency: String?
    /// `story` for one hit a story; nil for one an article.
    var collapse: String?
    /// The `next` of the page before.
    var cursor: String?

    /// Makes one of the service's own.
    init(text: String, limit: Int, sort: String) {
        (self.text, self.limit, self.sort) = (text, limit, sort)
        offset = 0
    }

    init(_ request: HTTP.Request) throws(Problem) {
        text = request.query("q") ?? ""
        limit = try request.number("limit", in: 1...200) ?? 20
        offset = try request.number("offset", in: 0...1_000_000) ?? 0
        sort = request.query("sort") ?? "relevance"
        guard ["relevance", "date", "arrival"].contains(sort) else {
            throw .badRequest("'sort' is relevance, date or arrival.", parameter: "sort")
        }
        recency = request.query("recency")
        collapse = request.query("collapse")
        guard [nil, "none", "story"].contains(collapse) else {
            throw .badRequest("'collapse' is none or story.", parameter: "collapse")
        }
        cursor = request.query("cursor")
        guard text.utf8.count <= 4096 else {
            throw .badRequest("'q' has more than 4,096 bytes.", parameter: "q")
        }
    }
}
