package import Articles

/// A search as it was asked, taken apart.
///
/// Words side by side must all be there. `OR`, `AND`, `NOT` (or a leading hyphen) and parentheses combine; quotation
/// marks make a phrase, a star at the end of a word finds what begins so. `title:`, `byline:` and `keyword:` look in one
/// field; `source:`, `section:`, `lang:`, `story:` (the id of any of its articles), `after:` (that day or later) and `before:` (earlier than that day) filter.
package struct SearchQuery: Sendable, Equatable {
    /// A field of the text.
    package enum Field: String, Sendable, CaseIterable {
        case title, byline, keyword

        /// The column of the index.
        var column: Int { self == .title ? 0 : self == .byline ? 2 : 3 }
    }

    /// What an article must be, whatever it says.
    package enum Filter: Sendable, Equatable {
        case source(String)
        /// A section as its publisher names it.
        case section(String)
        /// The story that an article belongs to.
        case story(ArticleID)
        /// A language, with all of its regions where it names none.
        case language(String)
        case after(Timestamp)
        case before(Timestamp)
    }

    /// Words that must follow each other.
    package struct Term: Sendable, Equatable {
        package var text: String
        package var field: Field?
        /// In quotation marks: the words as they are written, not their other forms.
        package var isExact = false
        /// The last word is only the beginning of one.
        package var isPrefix = false
    }

    /// A part of a query; the offset is where it begins.
    package indirect enum Node: Sendable, Equatable {
        case term(Term, offset: Int)
        case filter(Filter, offset: Int)
        case all([Node], offset: Int)
        case any([Node], offset: Int)
        case not(Node, offset: Int)

        var offset: Int {
            switch self {
            case .term(_, let offset), .filter(_, let offset), .all(_, let offset), .any(_, let offset),
                .not(_, let offset):
                offset
            }
        }

        /// Where it asks for a story; nil where it does not.
        var offsetOfStory: Int? {
            switch self {
            case .filter(.story, let offset): offset
            case .term, .filter: nil
            case .all(let parts, _), .any(let parts, _): parts.lazy.compactMap(\.offsetOfStory).first
            case .not(let inner, _): inner.offsetOfStory
            }
        }
    }

    package let root: Node

    /// Reads a query; throws where and why it is none.
    package init(_ text: String) throws(SearchSyntaxError) {
        var parser = SearchQueryParser(text)
        root = try parser.parse()
    }
}

/// A query that does not parse: where it went wrong, and what could stand there.
package struct SearchSyntaxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The place in the query, in Unicode scalars from 0.
    package let offset: Int
    /// What is wrong, a sentence without a full stop.
    package let problem: String
    /// What could stand there.
    package let expected: String

    package var description: String { "\(problem) at \(offset); expected \(expected)" }
}
