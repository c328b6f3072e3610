import Articles
import Indexing
import Testing

@Suite struct SearchQueryTests {
    private func shape(_ query: String) throws -> String { shape(try SearchQuery(query).root) }

    /// A query's tree in one line.
    private func shape(_ node: SearchQuery.Node) -> String {
        switch node {
        case .term(let term, _):
            (term.field.map { "\($0.rawValue):" } ?? "") + (term.isExact ? "'\(term.text)'" : term.text)
                + (term.isPrefix ? "*" : "")
        case .filter(.source(let name), _): "source=\(name)"
        case .filter(.section(let name), _): "section=\(name)"
        case .filter(.story(let id), _): "story=\(id)"
        case .filter(.language(let name), _): "lang=\(name)"
        case .filter(.after(let moment), _): "after=\(moment)"
        case .filter(.before(let moment), _): "before=\(moment)"
        case .all(let parts, _): "and(\(parts.map(shape).joined(separator: " ")))"
        case .any(let parts, _): "or(\(parts.map(shape).joined(separator: " ")))"
        case .not(let inner, _): "not(\(shape(inner)))"
        }
    }

    @Test(arguments: [
        ("oil", "oil"),
        ("crude oil", "and(crude oil)"),
        ("crude AND oil", "and(crude oil)"),
        ("a OR b c OR d", "or(a and(b c) d)"),
        ("(a OR b) c", "and(or(a b) c)"),
        ("a (b c) d", "and(a b c d)"),
        ("oil NOT crude", "and(oil not(crude))"),
        ("oil -crude -\"spot price\"", "and(oil not(crude) not('spot price'))"),
        ("NOT NOT oil", "oil"),
        ("well-known", "well-known"),
        ("and or not", "and(and or not)"),
        ("ANDES ORE NOTE", "and(ANDES ORE NOTE)"),
        ("\"crude oil\"", "'crude oil'"),
        ("\u{201e}crude oil\u{201c}", "'crude oil'"),
        ("\"crude oi\"*", "'crude oi'*"),
        ("refin*", "refin*"),
        ("中*", "中*"),
        ("title:oil", "title:oil"),
        ("title:(a OR \"b c\") d", "and(or(title:a title:'b c') d)"),
        ("-title:oil x", "and(not(title:oil) x)"),
        ("BYLINE:smith", "byline:smith"),
        ("source:bbc lang:en-GB oil", "and(source=bbc lang=en-GB oil)"),
        ("source:\"BBC News\"", "source=BBC News"),
        ("section:Sport oil -section:\"Home News\"", "and(section=Sport oil not(section=Home News))"),
        ("after:2025-02-01 before:2025-03", "and(after=2025-02-01T00:00:00Z before=2025-03-01T00:00:00Z)"),
        ("after:2025", "after=2025-01-01T00:00:00Z"),
        ("story:0123456789ABCDEF0123456789abcdef", "story=0123456789abcdef0123456789abcdef"),
        ("12:30 https://example.com/a", "and(12:30 https://example.com/a)"),
        ("oil & gas", "and(oil gas)"),
        ("  oil  ", "oil"),
    ])
    func `a query means what it says`(query: String, expected: String) throws {
        #expect(try shape(query) == expected)
    }

    @Test(arguments: [
        ("", 0, "empty"),
        ("   ", 3, "empty"),
        ("&", 1, "empty"),
        ("()", 0, "empty"),
        ("oil (crude", 10, "not closed"),
        ("oil) crude", 3, "not opened"),
        ("oil \"crude", 10, "not closed"),
        ("OR oil", 0, "OR stands"),
        ("oil OR", 6, "OR needs"),
        ("oil OR OR gas", 7, "OR needs"),
        ("AND oil", 0, "AND stands"),
        ("oil AND", 7, "AND needs"),
        ("oil NOT", 7, "NOT needs"),
        ("oil *", 4, "star"),
        ("a*", 0, "too much"),
        ("titel:oil", 0, "'titel:'"),
        ("title: oil", 6, "no value"),
        ("title:(byline:x)", 7, "field stands in a field"),
        ("title:(source:x)", 7, "filter stands in a field"),
        ("x after:yesterday", 8, "not a date"),
        ("after:2025-02-30", 6, "not a date"),
        ("source: x", 7, "no value"),
        ("x story:0123", 8, "not an article's id"),
    ])
    func `what is no query says where and why`(query: String, offset: Int, problem: String) {
        let error = #expect(throws: SearchSyntaxError.self) { try SearchQuery(query) }
        #expect(error?.offset == offset)
        #expect(error?.problem.contains(problem) == true, "\(error?.description ?? "")")
        #expect(error?.expected.isEmpty == false)
    }

    @Test func `queries have limits`() throws {
        #expect(throws: SearchSyntaxError.self) { try SearchQuery(String(repeating: "x", count: 2001)) }
        #expect(throws: SearchSyntaxError.self) { try SearchQuery(String(repeating: "x ", count: 101)) }
        _ = try SearchQuery(String(repeating: "x ", count: 100))
        #expect(throws: SearchSyntaxError.self) {
            try SearchQuery(String(repeating: "(", count: 900) + "x" + String(repeating: ")", count: 900))
        }
        #expect(throws: SearchSyntaxError.self) { try SearchQuery(String(repeating: "NOT ", count: 400) + "x") }
    }

    @Test func `no text makes the parser trap`() {
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "(", ")", "\"", "*", ":", "-", "OR", "AND", "NOT", "title:", "after:", "a", "中", "\u{301}", " ", "\u{0}",
            "{", "'",
        ]
        for _ in 0..<3000 {
            let count = Int.random(in: 0...12, using: &generator)
            let query = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            do throws(SearchSyntaxError) {
                _ = try SearchQuery(query)
            } catch {
                #expect((0...query.unicodeScalars.count).contains(error.offset), "\(query)")
            }
        }
    }
}
