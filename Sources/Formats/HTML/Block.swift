/// A run of text between two places where a paragraph may end.
struct Block {
    /// What the run is.
    enum Kind: Equatable {
        case paragraph
        /// 1 to 6.
        case heading(Int)
        case item, quote, preformatted, cell, term
    }

    var kind: Kind
    /// The element that it stands in directly.
    var element: Int
    /// The row of its table, where it is a cell.
    var row: Int
    /// Its first node.
    var node: Int
    /// Its pieces in ``PageText/nodes``.
    var nodes: Range<Int>
    /// Where its text stands in ``PageText/bytes``, without space around it.
    var text: Range<Int>
    var weight: Int32
    var linkWeight: Int32

    /// The share within links, 0 to 1.
    var linkDensity: Double { weight == 0 ? 0 : Double(linkWeight) / Double(weight) }
    /// Whether it is a heading.
    var isHeading: Bool { if case .heading = kind { true } else { false } }
}
