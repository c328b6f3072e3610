import Testing

@testable import XML

@Suite struct XMLTreeTests {
    private func parse(_ text: String, limits: XMLTree.Limits = .init()) throws(XMLError) -> XMLTree {
        try XMLTree(parsing: Array(text.utf8), limits: limits)
    }

    @Test func `elements, texts and attributes stand in the order of the document`() throws {
        let tree = try parse("<a x='1&amp;2' xml:lang='en'>one<b y=\"&quot;\"/><![CDATA[<two>]]>&lt;<c>three</c></a>")
        #expect(tree.fault == nil)
        #expect(tree.nodes.indices.map { tree.name($0)?.local } == ["a", nil, "b", nil, "c", nil])
        #expect(tree.attribute("x", of: 0) == "1&2")
        #expect(tree.attribute("lang", XMLTree.xml, of: 0) == "en")
        #expect(tree.attribute("lang", of: 0) == nil)
        #expect(tree.attribute("y", of: 2) == "\"")
        #expect(tree.text(0) == "one<two><three")
        #expect(tree.elements(in: 0).count == 2)
        #expect(tree.markup(in: 0) == "one<b y=\"&quot;\"></b>&lt;two&gt;&lt;<c>three</c>")
        #expect(tree.inherited("lang", XMLTree.xml, at: 4) == "en")
    }

    @Test func `names have the namespace that is declared for them, or their prefix`() throws {
        let tree = try parse("<a xmlns='urn:a' xmlns:p='urn:p'><p:b/><q:c/><d xmlns=''/></a>")
        let names = tree.elements(in: 0).compactMap { tree.name($0) }
        #expect(tree.name(0) == .init(namespace: "urn:a", local: "a"))
        #expect(names.map(\.namespace) == ["urn:p", "q", ""])
        #expect(names.map(\.local) == ["b", "c", "d"])
    }

    @Test func `lines are those of the document`() throws {
        let tree = try parse("<a>\n<b/>\n\n<c\n/>\n</a>")
        #expect(tree.elements(in: 0).map { tree.nodes[$0].line } == [2, 5])
    }

    @Test(arguments: [
        "<a><b>x</a>", "<a><b>x</b>", "<a><b", "<a>x & y</a>", "<a x=1>y</a>", "<a>&nbsp;</a>", "<a><b></c></a>",
        "<a/><b/>",
    ]) func `what is not well-formed is read over, and told`(_ text: String) throws {
        let tree = try parse(text)
        #expect(tree.fault != nil)
        #expect(tree.name(0)?.local == "a")
    }

    @Test(arguments: ["", " ", "text", "<!-- x -->", "<"]) func `without an element there is no tree`(_ text: String) {
        #expect(throws: XMLError.self) { try parse(text) }
    }

    @Test func `what is nested too deep or has too many parts is refused`() throws {
        let deep = String(repeating: "<a>", count: 300)
        #expect(throws: XMLError.self) { try parse(deep) }
        var limits = XMLTree.Limits()
        limits.nodes = 10
        #expect(throws: XMLError.self) {
            try parse("<a>" + String(repeating: "<b/>", count: 20) + "</a>", limits: limits)
        }
    }

    @Test func `entities that a document declares are not expanded, and nothing is loaded`() throws {
        let bomb = """
            <!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <a>&y;&f;</a>
            """
        #expect(try parse(bomb).text(0) == "")
    }

    @Test func `a long document is read as a whole`() throws {
        let text = "<a>" + String(repeating: "<b x='1'>some text, and more of it</b>\n", count: 20_000) + "</a>"
        let tree = try parse(text)
        #expect(tree.fault == nil)
        #expect(tree.elements(in: 0).count == 20_000)
        #expect(tree.nodes.last?.line == 20_001)
    }
}
