/// What a term of a query looks like in a text: the hashes of the tokens that may stand at each of its positions.
///
/// Hashes, because every word of a hit's text is compared with every term of the query.
struct MarkPattern {
    let positions: [[UInt64]]
    /// The bytes that the last position begins with, where that is enough.
    let prefix: [UInt8]?
    /// The field that the term looks in, nil for all of them.
    let field: SearchQuery.Field?

    init(_ tokens: TermReader.Tokens, field: SearchQuery.Field?) {
        positions = tokens.positions.map { $0.map { FNV.hash($0.span) } }
        prefix = tokens.isPrefix ? tokens.positions.last?.first : nil
        self.field = field
    }
}
