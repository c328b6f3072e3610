import Testing
import XML

@Suite struct XMLReaderTests {
    /// The nodes of a document as words.
    private func read(_ document: String) throws(XMLError) -> [String] {
        var reader = try XMLReader(Array(document.utf8))
        var words: [String] = []
        while let node = try reader.next() {
            switch node {
            case .element: words.append("<\(reader.name)\(reader.isEmpty ? "/" : "")")
            case .endElement: words.append(">\(reader.name)")
            case .text: words.append(reader.value)
            case .entity: words.append("&\(reader.name)")
            case .other: break
            }
        }
        return words
    }

    @Test func `nodes come one after the other`() throws {
        let words = try read(
            "<?xml version='1.0'?><!-- c --><a x='1'>t&amp;u<b/><n:c xmlns:n='urn:n'><![CDATA[<d>]]></n:c>\n</a>")
        #expect(words == ["<a", "t&u", "<b/", "<c", "<d>", ">c", ">a"])
    }

    @Test func `names, namespaces, attributes and languages are told`() throws {
        var reader = try XMLReader(Array("<a xmlns='urn:a' xml:lang='de' x='1 &lt; 2'>z</a>".utf8))
        #expect(try reader.next() == .element)
        let isNamed = reader.isNamed("a")
        let namespace = reader.namespace
        let language = reader.language
        let values = [reader.attribute("x"), reader.attribute("y")]
        #expect(isNamed && namespace == "urn:a" && language == "de" && values == ["1 < 2", nil])
        #expect(try reader.next() == .text)
        var value: [UInt8] = []
        reader.appendValue(to: &value)
        #expect(value == [0x7a])
    }

    @Test(arguments: [
        ("<a>\n<b>\n</a>\n", 3, false), ("<a>", 1, true), ("<a><b", 1, true), ("", 0, true), ("<a>&x;</a>", 1, false),
    ])
    func `what is not well-formed is told with its line`(_ document: String, _ line: Int, _ isPremature: Bool) {
        let error = #expect(throws: XMLError.self) { try read(document) }
        #expect(error?.isPremature == isPremature, "\(String(describing: error))")
        if line > 0 { #expect(error?.line == line) }
    }

    @Test func `an external entity is not loaded`() throws {
        let words = try read("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>x&e;y</a>")
        #expect(words == ["<a", "x", "&e", "y", ">a"])
    }

    @Test func `entities that multiply are not expanded`() throws {
        let definitions = (1...30).map { "<!ENTITY e\($0) '&e\($0 - 1);&e\($0 - 1);'>" }.joined()
        let prolog = "<!DOCTYPE a [<!ENTITY e0 'ha'>\(definitions)]>"
        // In text the name alone is reported, or the definition refused.
        let words = try? read(prolog + "<a>&e30;</a>")
        #expect(words == nil || words == ["<a", "&e30", ">a"])
        #expect(throws: XMLError.self) { try read(prolog + "<a x='&e30;'/>") }
    }

    @Test func `deep nesting is refused`() {
        #expect(throws: XMLError.self) { try read(String(repeating: "<a>", count: 100_000)) }
    }

    @Test func `a document cut anywhere is an error`() {
        let document = "<?xml version='1.0'?><a x='1'>t&amp;u<b/></a>"
        for count in 0..<document.utf8.count {
            #expect(throws: XMLError.self) { try read(String(document.prefix(count))) }
        }
    }
}
