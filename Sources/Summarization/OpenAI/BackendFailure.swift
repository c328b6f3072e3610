/// Why a language model gave no summary: the reason that stands in the result beside the extract.
struct BackendFailure: Error, Equatable, CustomStringConvertible {
    var description: String { cause + (quotation.map { ": " + $0 } ?? "") }
    /// Why, in words of the house.
    let cause: String
    /// What the server said of it, which may hold words of the article.
    let quotation: String?
    /// It may be otherwise in a moment.
    var isRetriable: Bool
    /// How long the server asks to be left alone.
    var retryAfter: Duration?
    /// It says something of the endpoint, not of one article.
    var isOfEndpoint = true
    /// No model worked on it: it cost a request and no tokens.
    var isFree = false

    init(
        _ cause: String, quoting quotation: String? = nil, isRetriable: Bool, retryAfter: Duration? = nil,
        isOfEndpoint: Bool = true
    ) {
        self.cause = cause
        self.quotation = quotation
        self.isRetriable = isRetriable
        self.retryAfter = retryAfter
        self.isOfEndpoint = isOfEndpoint
    }
}
