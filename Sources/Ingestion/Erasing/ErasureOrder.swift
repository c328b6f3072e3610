package import Articles

/// An operator's word that an article is to be erased.
package struct ErasureOrder: Sendable {
    package var subject: ErasureSubject
    /// Why, for people: it stands in the records and in the book.
    package var reason: String
    package var author: ErasureEntry.Author?
    /// What others know of an article that has left the log: where its files are, and of whom it was.
    package var known = Known()

    /// What is known of an article elsewhere.
    package struct Known: Sendable {
        /// The sources that it was published under.
        package var sources: Set<String> = []
        /// SHA-256 of the files that it came in.
        package var files: Set<[UInt8]> = []

        package init() {}

        /// Nobody knows of it.
        var isEmpty: Bool { sources.isEmpty && files.isEmpty }
    }

    /// Makes an order.
    package init(_ subject: ErasureSubject, reason: String, author: ErasureEntry.Author? = nil) {
        self.subject = subject
        self.reason = reason
        self.author = author
    }
}
