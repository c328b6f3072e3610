package import Articles
package import TimeZones

/// What a format is told about the file that it reads.
package struct FormatContext: Sendable {
    /// The drop directory's source.
    package var source: String
    /// The source is only the directory's name: what a record calls its own is taken instead.
    package var isSourceAssumed = false
    /// BCP 47, or `und`, where the file does not say its own.
    package var language: String
    /// The zone of dates that do not say theirs.
    package var timeZone: Zone
    /// The path to show, relative to the drop directory.
    package var path: String
    /// SHA-256 of the whole file, hexadecimal.
    package var sha256: String
    /// The file's size.
    package var bytes: Int
    /// When the file was read; a date after it is doubtful.
    package var received: Timestamp
    /// The encoding that what carried the content names, as the header of a page that a crawler kept.
    package var declaredEncoding: String?
    /// The size above which an article is refused.
    package var maximumArticleBytes: Int

    /// Is told what a file is read as, and why; nil where nobody asks.
    package var explain: (@Sendable (Explanation) -> Void)?

    /// How files are opened that lie in the file; nil where they are not.
    var inner: InnerFiles?

    /// Makes a context.
    package init(
        source: String, language: String, timeZone: Zone = .utc, path: String, sha256: String, bytes: Int,
        received: Timestamp,
        maximumArticleBytes: Int
    ) {
        self.source = source
        self.language = language
        self.timeZone = timeZone
        self.path = path
        self.sha256 = sha256
        self.bytes = bytes
        self.received = received
        self.maximumArticleBytes = maximumArticleBytes
    }

    /// What a member of the file is told, whose explanations name it.
    func explaining(member path: [UInt8]) -> FormatContext {
        guard let explain else { return self }
        var context = self
        let outer = String(decoding: path, as: UTF8.self)
        context.explain = { explanation in
            var explanation = explanation
            explanation.member = explanation.member.map { "\(outer)/\($0)" } ?? outer
            explain(explanation)
        }
        return context
    }
}
