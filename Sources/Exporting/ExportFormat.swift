package import Articles

/// The formats in which articles leave the archive. Bytes only: where they come from and go to is not known here.
package enum ExportFormat: String, Sendable, CaseIterable {
    /// Own records, a line each, as they stand in the log.
    case ndjson
    /// IPTC ninjs 3.1, an object a line.
    case ninjs
    /// JSON Feed 1.1, one object.
    case jsonfeed
    /// Atom 1.0, one document.
    case atom
    /// The native text format, an article a file.
    case text

    /// Returns a writer of one export.
    package func writer(title: String, at moment: Timestamp) -> any ArticleWriter {
        switch self {
        case .ndjson: RecordWriter()
        case .ninjs: NinjsWriter()
        case .jsonfeed: FeedWriter(title: title)
        case .atom: AtomWriter(title: title, at: moment)
        case .text: TextWriter()
        }
    }

    /// Every article is a file of its own.
    package var isFilePerArticle: Bool { self == .text }
}
