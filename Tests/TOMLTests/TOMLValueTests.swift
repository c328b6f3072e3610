import Testing

@testable import TOML

@Suite struct TOMLValueTests {
    private func fault(_ text: String, depth: Int = 16) -> TOMLValue.Fault? {
        do throws(TOMLValue.Fault) {
            _ = try TOMLValue.read(Array(text.utf8), depth: depth)
            return nil
        } catch {
            return error
        }
    }

    @Test func `values are what they are, and dates are text`() throws {
        let value = try TOMLValue.read(
            Array(
                "s = \"x\"\ni = 1\nn = 1.5\nb = true\nd = 2025-02-26T03:27:00+01:00\na = [1, 'y']\n[t]\nk = 1979-05-27"
                    .utf8))
        guard case .table(let members) = value else { throw TOMLValue.Fault(line: 0, message: "no table") }
        #expect(members.map(\.name) == ["a", "b", "d", "i", "n", "s", "t"])
        #expect(
            members.map(\.value) == [
                .array([.integer(1), .string("y")]), .boolean(true), .date("2025-02-26T03:27:00+01:00"), .integer(1),
                .number(1.5), .string("x"), .table([.init(name: "k", value: .date("1979-05-27"))]),
            ])
        #expect(try TOMLValue.read([]) == .table([]))
    }

    @Test func `what is no TOML is refused with its line`() {
        #expect(fault("a = 1\nb =\n")?.line == 2)
        #expect(fault("a = 1\nb =\n")?.isLimit == false)
        #expect(fault("a = 1\na = 2")?.line == 2)
    }

    @Test(arguments: [
        "a.b.c = 1", "a . b\t. c = 1", "\"x\".'y'.z = 1", "[a.b.c]", "[[a.b.c]]", "x = {a.b.c = 1}",
        "x = 1\n# c\n[a.b.c]",
        "s = \"\"\"\n\"\"\\\"\n\"\"\"\"\na.b.c = 1", "s = '''\n'\n'''\na.b.c = 1", "s = \"\\\"\"\na.b.c = 1",
    ]) func `a key of more names than the limit is refused`(text: String) {
        #expect(fault(text, depth: 3) == nil, "\(text)")
        #expect(fault(text, depth: 2)?.isLimit == true, "\(text)")
    }

    @Test(arguments: ["s = \"a.b.c.d\"", "s = '''a.b.c.d\n'''", "# a.b.c.d", "a = [1.5, 2.5, 3.5]\nb.c = 1.5"])
    func `a point in a text is none in a key`(text: String) { #expect(fault(text, depth: 2) == nil) }

    @Test(arguments: ["a", "a = 1\n[", "x = {", "x = [", "\"", "'''"]) func `what is nested without end is refused`(
        start: String
    ) {
        for piece in [".a", "[", "{a=", "a."] {
            #expect(fault(start + String(repeating: piece, count: 20_000)) != nil, "\(start)\(piece)")
        }
    }
}
