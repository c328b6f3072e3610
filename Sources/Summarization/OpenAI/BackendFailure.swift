/// Why a language model gave no summary: the reason that stands in the result beside the extract.
struct BackendFailure: Error, Equatable, CustomStringConvertible {
    let description: String
    /// It may be otherwise in a moment.
    var isRetriable: Bool
    /// How long the server asks to be left alone.
    var retryAfter: Duration?
    /// It says something of the endpoint, not of one article.
    var isOfEndpoint = true
    /// No model worked on it: it cost a request and no tokens.
    var isFree = false

    init(_ description: String, isRetriable: Bool, retryAfter: Duration? = nil, isOfEndpoint: Bool = true) {
        self.description = description
        self.isRetriable = isRetriable
        self.retryAfter = retryAfter
        self.isOfEndpoint = isOfEndpoint
    }
}
