import Testing
import XML

@Suite struct HTMLTreeTests {
    private func tree(_ page: String) throws(HTMLError) -> HTMLTree { try HTMLTree(parsing: Array(page.utf8)) }

    private func text(_ tree: HTMLTree) -> String {
        let bytes = tree.nodes.filter(\.isText).flatMap { tree.bytes[$0.text] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func first(_ name: HTMLName, _ tree: HTMLTree) throws -> Int {
        try #require(tree.nodes.firstIndex { $0.name == name })
    }

    @Test func `nodes stand in the order of the page, each with its end`() throws {
        let tree = try tree("<html><body><div id=a><p>One <b>two</b> three</p></div><p>Four</p></body></html>")
        let div = try first(.div, tree)
        let inside = (div + 1..<Int(tree.nodes[div].end)).filter { tree.nodes[$0].isText }
        #expect(
            inside.map { String(decoding: tree.bytes[tree.nodes[$0].text], as: UTF8.self) } == [
                "One ", "two", " three",
            ])
        #expect(tree.string(of: .id, at: div) == "a")
        #expect(text(tree) == "One two threeFour")
        for (index, node) in tree.nodes.enumerated().dropFirst() {
            #expect(Int(node.parent) < index && node.end > index)
            #expect(node.end <= tree.nodes[Int(node.parent)].end)
        }
    }

    @Test func `comments, styles and scripts are left out, and JSON-LD is kept`() throws {
        let tree = try tree(
            "<style>p{}</style><!-- no --><script>var a='<p>'</script><script type='application/ld+json'>{\"a\":1}</script><p>yes"
        )
        #expect(text(tree) == "{\"a\":1}yes")
    }

    @Test func `attributes and entities are decoded`() throws {
        let tree = try tree("<a href='?a=1&amp;b=2' data-x=1 class=\"x y\" hidden>caf&eacute; &#8364; &amp;</a>")
        let link = try first(.a, tree)
        #expect(tree.string(of: .href, at: link) == "?a=1&b=2")
        #expect(tree.string(of: .class, at: link) == "x y")
        #expect(tree.value(of: .hidden, at: link) != nil)
        #expect(tree.value(of: .title, at: link) == nil)
        #expect(text(tree) == "café € &")
    }

    @Test func `an element of an unknown name keeps its name`() throws {
        let tree = try tree("<x-teaser class=a>b</x-teaser>")
        let element = try #require(tree.nodes.indices.first { tree.string(of: .other, at: $0) == "x-teaser" })
        #expect(tree.nodes[element].name == .other)
    }

    @Test(arguments: [
        "", "<", "</", "<p", "<p a", "<p a=", "<p a='", "&", "&#", "<!--", "<!DOCTYPE", "<script>", "</p></p></b>",
        "<table><p><tr><td><div></table>", "<b><p></b></p>", "\u{fffd}", "<p>a<p>b", "<html><html><body><body>",
    ]) func `broken markup gives a tree`(_ page: String) throws {
        let tree = try tree(page)
        #expect(tree.nodes.count >= 1 && Int(tree.nodes[0].end) == tree.nodes.count)
    }

    @Test func `a page cut anywhere gives a tree`() throws {
        let page = Array(
            "<!DOCTYPE html><html lang=\"de\"><p class='a b'>Grüße &amp; <!-- c --> <a href=x>y</a></p>".utf8)
        for count in 0...page.count { _ = try HTMLTree(parsing: Array(page[..<count])) }
    }

    @Test func `bytes that are no text do no harm`() throws {
        var page: [UInt8] = Array("<p>".utf8)
        for byte in UInt8.min...UInt8.max { page += [byte, 0x20, byte, 0xc3, byte] }
        _ = try HTMLTree(parsing: page)
        _ = try HTMLTree(parsing: Array(repeating: 0, count: 100_000))
    }

    @Test func `deep nesting is folded, and the deepest is refused`() throws {
        let deep = try tree(
            String(repeating: "<div>", count: 3000) + "x" + String(repeating: "</div>", count: 3000) + "<p>y")
        #expect(text(deep) == "xy")
        let depths = deep.nodes.indices.map { index in
            sequence(first: index) { $0 == 0 ? nil : Int(deep.nodes[$0].parent) }.reduce(0) { count, _ in count + 1 }
        }
        #expect(try #require(depths.max()) <= 258)
        let last = try #require(deep.nodes.lastIndex { $0.name == .p })
        #expect(depths[last] <= 5)
        #expect(throws: HTMLError.tooDeep(limit: 4096)) {
            try self.tree(String(repeating: "<div>", count: 1_000_000))
        }
    }

    @Test func `an element of a million attributes is refused`() {
        let page = "<p " + (0..<1_000_000).map { "a\($0)=''" }.joined(separator: " ") + ">x"
        #expect(throws: HTMLError.tooManyAttributes(limit: 1024)) { try tree(page) }
    }

    @Test func `end tags that close nothing are refused when they cost too much`() {
        let page = String(repeating: "<i>", count: 4000) + String(repeating: "</b>", count: 200_000)
        #expect(throws: HTMLError.tooMuchWork) { try tree(page) }
    }

    @Test func `an attribute of ten megabytes is kept`() throws {
        let value = String(repeating: "a", count: 10_000_000)
        let tree = try tree("<img alt=\"\(value)\">")
        #expect(tree.string(of: .alt, at: try first(.img, tree))?.utf8.count == 10_000_000)
    }

    @Test(arguments: 1...7) func `the limit is kept whatever stands at it`(_ limit: Int) {
        var limits = HTMLTree.Limits()
        limits.nodes = limit
        #expect(throws: HTMLError.tooManyNodes(limit: limit)) {
            try HTMLTree(
                parsing: Array("<div><p>a</p><script type='application/ld+json'>{}</script></div>".utf8), limits: limits
            )
        }
    }

    @Test func `more elements than the limit are refused`() {
        var limits = HTMLTree.Limits()
        limits.nodes = 100
        #expect(throws: HTMLError.tooManyNodes(limit: 100)) {
            try HTMLTree(parsing: Array(String(repeating: "<p>x", count: 60).utf8), limits: limits)
        }
        #expect(throws: Never.self) {
            try HTMLTree(parsing: Array(String(repeating: "<p>x", count: 40).utf8), limits: limits)
        }
    }
}
