package import Articles

/// Turns articles into the bytes of an export, one after the other, keeping nothing of them.
package protocol ArticleWriter {
    /// What stands before the first article.
    var start: [UInt8] { get }

    /// Returns an article's bytes.
    ///
    /// - Parameter record: the article as it stands in the log.
    mutating func write(_ article: Article, record: [UInt8]) -> [UInt8]

    /// What stands behind the last article.
    var end: [UInt8] { get }
}
