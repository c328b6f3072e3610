import Testing

@testable import YAML

@Suite struct YAMLReaderTests {
    private func read(_ text: String, limits: YAMLLimits = YAMLLimits()) throws(YAMLError) -> YAMLValue? {
        try YAMLReader.read(Array(text.utf8), limits: limits)
    }

    private func member(_ text: String) throws -> YAMLValue? {
        guard case .mapping(let members)? = try read(text) else { return nil }
        return members.first?.value
    }

    private func error(_ text: String, limits: YAMLLimits = YAMLLimits()) -> YAMLError? {
        do {
            _ = try read(text, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("a: 1", .integer(1)), ("a: -7", .integer(-7)), ("a: 1.5", .number(1.5)), ("a: true", .boolean(true)),
            ("a: False", .boolean(false)), ("a: ~", .null), ("a:", .null), ("a: null", .null),
            // What a number would not be printed as, and what YAML 1.1 took for something else.
            ("a: 1.10", .string("1.10")), ("a: 007", .string("007")), ("a: 0x1F", .string("0x1F")),
            ("a: 99999999999999999999", .string("99999999999999999999")), ("a: .inf", .string(".inf")),
            ("a: yes", .string("yes")), ("a: no", .string("no")), ("a: 2025-02-26", .string("2025-02-26")),
            ("a: '1'", .string("1")), ("a: \"true\"", .string("true")), ("a: !!str 1", .string("1")),
            ("a: !custom 1", .integer(1)), ("a: !!python/object:os.system x", .string("x")),
            ("a: |\n  one\n  two\n", .string("one\ntwo\n")), ("a: >-\n  one\n  two\n", .string("one two")),
            ("a: [x, 'y', 3]", .sequence([.string("x"), .string("y"), .integer(3)])),
            ("a:\n- x\n- y", .sequence([.string("x"), .string("y")])), ("a: \"ü\\u00e9\\n\"", .string("üé\n")),
        ] as [(String, YAMLValue)]) func `a scalar is what the core schema says`(text: String, value: YAMLValue) throws
    {
        #expect(try member(text) == value)
    }

    @Test func `members keep their order, and of one name the last stands`() throws {
        let value = try read("b: 1\na: 2\nb: 3\n")
        #expect(value == .mapping([.init(name: "b", value: .integer(3)), .init(name: "a", value: .integer(2))]))
    }

    @Test func `an alias is what it stands for, and a merged mapping fills up`() throws {
        let value = try read("base: &b {x: 1, y: 2}\nown:\n  <<: *b\n  y: 3\nlist: [*b, *b]\n")
        guard case .mapping(let members)? = value else { throw YAMLError(cause: .syntax, line: 0, message: "") }
        #expect(members.map(\.name) == ["base", "own", "list"])
        #expect(
            members[1].value == .mapping([.init(name: "y", value: .integer(3)), .init(name: "x", value: .integer(1))]))
        #expect(members[2].value == .sequence([members[0].value, members[0].value]))
    }

    @Test(arguments: ["", "\n\n", "# a comment\n", "---\n", "--- \n...\n"]) func `nothing is no value`(text: String)
        throws
    {
        let value = try read(text)
        #expect(value == nil || value == .null)
    }

    @Test(arguments: [
        ("a: [1, 2", 1), ("a: 'open", 1), ("x: 1\na: b: c", 2), ("x: 1\n  y: 2", 2), ("a: *gone", 1), ("a: \u{1}", 1),
        ("a: &r [*r]", 1), ("? [a, b]\n: c", 1), ("a: 1\n---\nb: 2", 2), ("a: \"\\q\"", 1), ("\ta: 1", 1), ("%FOO", 1),
    ]) func `what is no YAML is refused with its line`(text: String, line: Int) {
        let found = error(text)
        #expect(found?.cause == .syntax)
        // libyaml points to where it sees the fault, which may be the next line.
        #expect(found.map { (line...line + 1).contains($0.line) } == true)
        #expect(found?.message.isEmpty == false)
    }

    @Test func `a text that grows by its aliases ends at the limit`() {
        var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1..<12 {
            let list = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(list)]\n"
        }
        #expect(error(text)?.cause == .limit)
        #expect(error(text)?.line == 5)
        let long = "a: &a \(String(repeating: "x", count: 1000))\nb: [" + String(repeating: "*a, ", count: 2000) + "]"
        #expect(error(long)?.cause == .limit)
        let merged =
            "a: &a {" + (0..<100).map { "k\($0): v" }.joined(separator: ", ") + "}\n"
            + (0..<1000).map { "m\($0): {<<: [*a, *a, *a]}\n" }.joined()
        #expect(error(merged)?.cause == .limit)
    }

    @Test func `a depth at the limit is taken and one above is not`() throws {
        var limits = YAMLLimits()
        limits.depth = 5
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(try read(nested(5), limits: limits) != nil)
        #expect(error(nested(6), limits: limits)?.cause == .limit)
        for hostile in ["[", "{a: ", "- ", "? "] {
            #expect(error(String(repeating: hostile, count: 50_000)) != nil, "\(hostile)")
        }
    }

    @Test func `a text cut anywhere is read or refused`() {
        let text = Array("title: \"Ä b\"\ntags: [a, 'b']\nlong: |\n  one\n  two\nx: &a {y: 1}\nz: *a\n".utf8)
        for count in 0...text.count { _ = try? YAMLReader.read(Array(text[..<count])) }
    }
}
