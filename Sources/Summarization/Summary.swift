/// The extract of an article.
package struct Summary: Sendable, Equatable {
    /// Sentences of the article in their order.
    package var sentences: [String]
    /// Key phrases and names, the most telling first.
    package var phrases: [String]
    /// The named things alone, the most telling first.
    package var names: [String]

    /// Makes a summary.
    package init(sentences: [String], phrases: [String] = [], names: [String] = []) {
        self.sentences = sentences
        self.phrases = phrases
        self.names = names
    }
}
