import Articles
import FoundationEssentials
import Testing

/// JSON as people write it.
@Suite struct JSONReaderTests {
    @Test(arguments: [
        (#"null"#, JSONValue.null), (#" true "#, .boolean(true)), (#"[false]"#, .array([.boolean(false)])),
        (#"-12"#, .integer(-12)), (#"0"#, .integer(0)), (#"9223372036854775807"#, .integer(.max)),
        (#"9223372036854775808"#, .number(9_223_372_036_854_775_808)), (#"1.5e2"#, .number(150)),
        (#""a\"\\\/\b\f\n\r\té""#, .string("a\"\\/\u{8}\u{c}\n\r\té")), (#""\u00e9\uD83D\uDEA2""#, .string("é🚢")),
        ("\u{feff}{}", .object([:])), ("\r\n[\t]", .array([])),
        (
            #"{"a":{"b":[1,"x"]},"c":null}"#,
            .object(["a": .object(["b": .array([.integer(1), .string("x")])]), "c": .null])
        ),
    ]) func `a text is read`(text: String, value: JSONValue) throws {
        #expect(try JSONReader.read(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        ("{\n\"a\" 1}", 2, "the : behind the name \"a\""), ("{\"a\":1,}", 1, "name"), ("[1,]", 1, "no value"),
        ("{\"a\":1\n\n\"b\":2}", 3, "a , or } is missing behind the member \"a\""), ("[1 2]", 1, "a , or ]"),
        ("{'a':1}", 1, "name"), ("{} x", 1, "follows"), ("01", 1, "begins with 0"), ("1.x", 1, "digit"),
        ("+1", 1, "no value"),
        ("\"a\u{1}\"", 1, "control"), (#""\x""#, 1, "escape"), (#""\uD83D""#, 1, "half"), (#""\uDEA2""#, 1, "half"),
        (#""\u00g0""#, 1, "hexadecimal"), ("{\"a\":1,\n\"a\":2}", 2, "\"a\" stands there twice"),
        ("1e999", 1, "too large"),
        ("nul!", 1, "no value"), (String(repeating: "[", count: 65) + String(repeating: "]", count: 65), 1, "64 deep"),
    ]) func `what is wrong is told with its line`(text: String, line: Int, part: String) {
        let fault = #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Array(text.utf8)) }
        #expect(fault?.line == line && fault?.isCut == false)
        #expect(fault?.message.contains(part) == true, "\(fault?.message ?? "")")
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let fault = #expect(throws: JSONReader.Fault.self) { try JSONReader.read([0x22, 0xe9, 0x22]) }
        #expect(fault?.message == "a string is not UTF-8")
    }

    @Test func `a text cut anywhere looks cut, and is never another value`() throws {
        let text = Array(#" {"ab" : ["é\u00e9\n", -1.5e-3, true, null], "c": {"d": "🚢"}}"#.utf8)
        #expect(try JSONReader.read(text) == JSONDecoder().decode(JSONValue.self, from: Data(text)))
        for count in 0..<text.count {
            let fault = #expect(throws: JSONReader.Fault.self) { try JSONReader.read(Array(text[..<count])) }
            #expect(fault?.isCut == true, "after \(count) bytes: \(fault?.message ?? "")")
        }
    }
}
