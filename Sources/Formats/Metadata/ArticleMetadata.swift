package import Articles
package import TimeZones

/// What a producer says of a file's articles beside it, in `name.meta.json`: members of the article record, which win over
/// what the file itself says. What the record has no member for goes to `ext`.
package struct ArticleMetadata: Sendable {
    typealias Change = @Sendable (inout Article) -> Void

    /// More is no metadata.
    package static let maximumBytes = 1 << 20

    /// What is set in every article.
    private let changes: [Change]
    /// What names one article, and so is set only where the file has no other.
    private let naming: [Change]
    private let published: MetadataDate?

    /// Reads a sidecar.
    ///
    /// - Parameters:
    ///   - path: its path, for the error.
    ///   - timeZone: that of dates that do not say theirs.
    /// - Throws: ``ParseError`` with `bad_metadata`, which names the line or the member.
    package init(_ bytes: [UInt8], path: String, timeZone: Zone) throws(ParseError) {
        var reader = MetadataReader(path: path, timeZone: timeZone)
        try reader.read(bytes)
        changes = reader.changes
        naming = reader.naming
        published = reader.published
    }

    /// Sets what the producer says in an article and derives its id anew.
    ///
    /// - Parameter isOnly: it is its file's only article; another one keeps its own uri and version, with a warning.
    package func merge(into article: inout Article, isOnly: Bool) {
        for change in changes { change(&article) }
        if let published {
            article.published = published.moment
            article.publishedRaw = published.text
            article.assumedTimeZone = published.assumedZone
            // What was doubtful about the date of the file is no longer of interest.
            article.ingest.warnings.removeAll { $0.hasPrefix("date_") }
            article.ingest.warnings += published.warnings
            if published.moment > article.ingest.received { article.ingest.warnings.append("date_future") }
        }
        if isOnly {
            for change in naming { change(&article) }
        } else if !naming.isEmpty {
            article.ingest.warnings.append("metadata_uri_ignored")
        }
        article.deriveID()
    }

    /// Sets what the producer says in every article of a file.
    package func merge(into file: inout ParsedFile) {
        let isOnly = file.articles.count == 1 && file.failed.isEmpty
        for index in file.articles.indices { merge(into: &file.articles[index], isOnly: isOnly) }
    }
}
