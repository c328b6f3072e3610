import JSON
import Testing

@Suite struct JSONParserTests {
    private let parser = JSONParser(maximumDepth: 8)

    private func parse(_ text: String) throws -> JSONElement { try parser.parse(Array(text.utf8)) }

    @Test func `every kind of value is what it is`() throws {
        let root = try parse(
            #"{"s":"a\n\u00e4\ud83d\ude00","i":-7,"u":18446744073709551615,"d":1.5,"t":true,"f":false,"n":null,"a":[1,[2],{}],"o":{"x":1}}"#
        )
        #expect(root.kind == .object)
        #expect(root["s"]?.text == "a\nä😀")
        #expect(root["s"]?.isText("a\nä😀") == true)
        #expect(root["s"]?.isText("a") == false)
        #expect(root["i"]?.integer == -7)
        #expect(root["u"]?.kind == .integer)
        #expect(root["u"]?.integer == nil)
        #expect(root["u"]?.number == Double(UInt64.max))
        #expect(root["d"]?.number == 1.5)
        #expect(root["d"]?.integer == nil)
        #expect(root["t"]?.boolean == true)
        #expect(root["f"]?.boolean == false)
        #expect(root["n"]?.isNull == true)
        #expect(root["a"]?.elements.map(\.kind) == [.integer, .array, .object])
        #expect(root["o"]?["x"]?.integer == 1)
        #expect(root["x"] == nil)
        #expect(root["a"]?["x"] == nil)
    }

    @Test(arguments: [
        "", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\"}", "nul", "01", "\"\u{1}\"", "\"a", "{} {}", "// x\n{}", "{'a':1}",
        "NaN",
        #""\ud800""#,
    ]) func `what is no JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        #expect(throws: JSONError.self) { try parser.parse([0x22, 0xff, 0x22]) }
        #expect(throws: JSONError.self) { try parser.parse([0x22, 0xc0, 0x80, 0x22]) }
    }

    @Test func `values nested deeper than the limit are refused, others not`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try parse(nested(7)).kind == .array)
        #expect(throws: JSONError.self) { try parse(nested(9)) }
        #expect(throws: JSONError.self) { try parse(nested(100_000)) }
    }

    @Test func `a text within other bytes is read alone`() throws {
        let bytes = Array(#"xx{"a":1}{"a":2}"#.utf8)
        #expect(try parser.parse(bytes, 2..<9)["a"]?.integer == 1)
        #expect(try parser.parse(bytes, 9..<16)["a"]?.integer == 2)
    }

    @Test func `a parser reads short texts behind a very long one`() throws {
        let long = "[\"" + String(repeating: "x", count: 6 << 20) + "\"]"
        #expect(try parse(long).elements.first?.text?.utf8.count == 6 << 20)
        #expect(try parse("[1]").elements.first?.integer == 1)
    }

    @Test func `members are taken once, and what nobody took is left`() throws {
        var object = try #require(JSONObject(parse(#"{"a":1,"Bc":2,"n":null,"body_x":"y","a":3,"z":[]}"#)))
        #expect(object.take("a")?.integer == 1)
        #expect(object.take("a")?.integer == 3)
        #expect(object.take("a") == nil)
        #expect(object.take("bc") == nil)
        #expect(object.take(ignoringCase: "bc")?.integer == 2)
        #expect(object.take(prefix: "body_").map(\.name) == ["x"])
        #expect(object.has("a"))
        #expect(!object.has("n"))
        #expect(object.rest.map(\.name) == ["z"])
        #expect(try JSONObject(parse("[1]")) == nil)
    }
}
