package import Articles

/// What a format found in a file.
///
/// Without articles and without failed parts, ``ignoredReason`` says why the file rightly brings no news.
package struct ParsedFile: Sendable, Equatable {
    /// The format that read it, for example `native`.
    package var format: String
    /// The articles in the file's order, each with its id.
    package var articles: [Article]
    package var failed: [FailedPart]
    package var ignoredReason: ReasonCode?

    /// Makes the outcome of reading a file.
    package init(format: String, articles: [Article], failed: [FailedPart] = [], ignoredReason: ReasonCode? = nil) {
        self.format = format
        self.articles = articles
        self.failed = failed
        self.ignoredReason = ignoredReason
    }
}
