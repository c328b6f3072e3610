/// A text of Markdown as HTML, with where its headings stand in that.
package struct MarkdownPage: Sendable {
    /// A heading.
    package struct Heading: Sendable, Equatable {
        /// 1 to 6.
        package var level: Int
        /// Where its element stands in ``MarkdownPage/html``.
        package var range: Range<Int>
        /// Its text without marks and markup.
        package var text: String
        /// Whether no other text stands before it.
        package var isFirst: Bool
    }

    /// A paragraph at the beginning.
    package struct Paragraph: Sendable, Equatable {
        /// Where its element stands in ``MarkdownPage/html``.
        package var range: Range<Int>
        /// Its text without marks and markup.
        package var text: String
    }

    /// UTF-8, a body without `html` and `body` around it. What was markup in the text is in it as it was.
    package internal(set) var html: [UInt8] = []
    /// The first headings, in their order.
    package internal(set) var headings: [Heading] = []
    /// What the text begins with, where that is a paragraph of text.
    package internal(set) var opening: Paragraph?
    /// Whether there is text in it beside what was markup.
    package internal(set) var hasText = false
}
