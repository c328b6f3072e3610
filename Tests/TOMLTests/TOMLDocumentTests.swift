import Testing

@testable import TOML

@Suite struct TOMLDocumentTests {
    enum After: String, CaseIterable, Decodable { case archive, delete, leave }

    struct Drop: Decodable, Equatable {
        var path = ""
        var include: [String] = []
        var after = After.archive
        var poll = Duration.seconds(1)
        var limit = ByteSize.mebibytes(1)
        var depth: Int?
        var ratio = 0.5

        enum CodingKeys: String, CodingKey { case path, include, after, poll = "poll_interval", limit, depth, ratio }

        init(path: String) { self.path = path }

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: CodingKeys.self)
            path = try keys.required(.path) { $0.isEmpty ? "must not be empty" : nil }
            include = try keys.value(.include, default: include)
            after = try keys.value(.after, default: after)
            poll = try keys.value(.poll, default: poll, in: .milliseconds(100) ... .seconds(3600))
            limit = try keys.value(.limit, default: limit, in: 1 ... .gibibytes(1))
            depth = try keys.value(.depth, default: depth)
            ratio = try keys.value(.ratio, default: ratio, in: 0...1)
        }
    }

    struct Root: Decodable, Equatable {
        var drops: [Drop] = []
        var state = "/var/lib"
        var port: UInt16 = 80

        enum CodingKeys: String, CodingKey { case drops = "drop", state, port }

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: CodingKeys.self)
            drops = try keys.value(.drops, default: drops)
            state = try keys.value(.state, default: state)
            port = try keys.value(.port, default: port)
            if state == port.description { try keys.note(.state, "is the port") }
        }
    }

    private func problems<T: Decodable>(_ text: String, _ type: T.Type = Root.self) throws -> [String] {
        do {
            _ = try TOMLDocument(text: text, name: "a.toml").decode(type)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `every key takes its value and what is absent its default`() throws {
        let text = """
            port = 8080
            [[drop]]
            path = "in"
            include = ["*.txt", 'b"c']
            after = "leave"
            poll_interval = "200ms"
            limit = "64KiB"
            depth = 3
            ratio = 1
            [[drop]]
            path = "zwei"
            """
        let root = try TOMLDocument(text: text, name: "a.toml").decode(Root.self)
        #expect(root.port == 8080)
        #expect(root.state == "/var/lib")
        var expected = Drop(path: "in")
        expected.include = ["*.txt", "b\"c"]
        expected.after = .leave
        expected.poll = .milliseconds(200)
        expected.limit = .kibibytes(64)
        expected.depth = 3
        expected.ratio = 1
        #expect(root.drops == [expected, Drop(path: "zwei")])
    }

    @Test(arguments: [
        ("port = \"x\"", "a.toml:1:8: port: expected an integer, found the string \"x\""),
        ("port = 70000", "a.toml:1:8: port: expected an integer from 0 to 65535, found the integer 70000"),
        ("\nstate = 5", "a.toml:2:9: state: expected a string, found the integer 5"),
        ("drop = 5", "a.toml:1:8: drop: expected an array, found the integer 5"),
        ("drop = [5]", "a.toml:1:9: drop[0]: expected a table, found the integer 5"),
        ("state = true", "a.toml:1:9: state: expected a string, found the boolean true"),
        ("state = 2025-02-26", "a.toml:1:9: state: expected a string, found the date 2025-02-26"),
        ("port = 1.5", "a.toml:1:8: port: expected an integer, found the number 1.5"),
        ("state = \"80\"", "a.toml:1:9: state: is the port"),
        ("[[drop]]\npath = \"\"", "a.toml:2:8: drop[0].path: must not be empty"),
        (
            "[[drop]]\npath = \"a\"\ninclude = [\"a\", 5]",
            "a.toml:3:17: drop[0].include[1]: expected a string, found the integer 5"
        ),
        (
            "[[drop]]\npath = \"a\"\npoll_interval = \"5ms\"",
            "a.toml:3:17: drop[0].poll_interval: must be 100ms to 1h, is 5ms"
        ),
        (
            "[[drop]]\npath = \"a\"\npoll_interval = 5",
            "a.toml:3:17: drop[0].poll_interval: expected a duration such as \"200ms\", \"1s\", \"10m\", \"2h\" or "
                + "\"30d\", found the integer 5"
        ),
        (
            "[[drop]]\npath = \"a\"\nlimit = \"5 apples\"",
            "a.toml:3:9: drop[0].limit: expected a size such as \"64MiB\", \"10MB\" or a number of bytes, found the "
                + "string \"5 apples\""
        ),
        ("[[drop]]\npath = \"a\"\nratio = 1.5", "a.toml:3:9: drop[0].ratio: must be 0.0 to 1.0, is 1.5"),
        ("[[drop]]\npath = \"a\"\nratio = nan", "a.toml:3:9: drop[0].ratio: expected a number, found the number nan"),
        (
            "[[drop]]\npath = \"a\"\nafter = \"delte\"",
            "a.toml:3:9: drop[0].after: expected one of \"archive\", \"delete\", \"leave\", found the string \"delte\"; "
                + "did you mean \"delete\"?"
        ),
        ("[[drop]]\ndepth = 1", "a.toml:1:1: drop[0]: the required key 'path' is missing"),
        (
            "\n[[drop]]\npth = \"a\"",
            "a.toml:2:1: drop[0]: the required key 'path' is missing; is 'pth' in line 3 meant to be it?"
        ),
        ("prot = 5", "a.toml:1:1: unknown key 'prot'; did you mean 'port'?"),
        ("zebra = 5", "a.toml:1:1: unknown key 'zebra'; valid here: drop, port, state"),
        ("[[drop]]\npath = \"a\"\nincldue = []", "a.toml:3:1: drop[0]: unknown key 'incldue'; did you mean 'include'?"),
    ])
    func `an error names place, key, what is there and what is expected`(text: String, expected: String) throws {
        #expect(try problems(text) == [expected])
    }

    @Test(arguments: [
        ("port = ", 1), ("a = 1\n[b\n", 2), ("a = 1\na = 2", 2), ("a = \"\u{1}\"", 1), ("= 5", 1),
    ])
    func `a syntax error names its line`(text: String, line: Int) throws {
        do throws(TOMLError) {
            _ = try TOMLDocument(text: text, name: "a.toml")
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.problems.count == 1)
            #expect(error.problems.first?.line == line)
            #expect(error.problems.first.map { $0.column > 0 && !$0.message.isEmpty } == true)
        }
    }

    @Test func `bytes that are no text are a syntax error`() {
        #expect(throws: TOMLError.self) { try TOMLDocument(bytes: [0x61, 0x3d, 0x22, 0xff, 0xfe, 0x22], name: "a") }
        #expect(throws: TOMLError.self) { try TOMLDocument(bytes: [0, 1, 2, 3], name: "a") }
    }

    @Test func `all problems are told at once in the order of the file`() throws {
        let text = """
            prot = 1
            port = -1
            [[drop]]
            path = "a"
            afetr = "archive"
            poll_interval = "soon"
            ratio = 7
            """
        #expect(
            try problems(text).map { $0.split(separator: ":").prefix(2).joined(separator: ":") }
                == ["a.toml:1", "a.toml:2", "a.toml:5", "a.toml:6", "a.toml:7"])
    }

    @Test func `a dictionary takes whatever keys there are and places its errors`() throws {
        #expect(try TOMLDocument(text: "a = 1\nb = 2", name: "x").decode([String: Int].self) == ["a": 1, "b": 2])
        #expect(
            try problems("[\"a.b\"]\nc = 1\nd = \"e\"", [String: [String: Int]].self)
                == ["a.toml:3:5: \"a.b\".d: expected an integer, found the string \"e\""])
    }

    @Test func `an error thrown by a type without a place gets the one of its value`() throws {
        struct Even: Decodable {
            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                guard try container.decode(Int.self).isMultiple(of: 2) else {
                    throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be even")
                }
            }
        }
        #expect(try problems("a = [2, 4,\n 5]", [String: [Even]].self) == ["a.toml:2:2: a[2]: must be even"])
    }

    @Test func `a synthesized decoding reports unknown keys as well`() throws {
        struct Plain: Decodable { let host: String }
        #expect(
            try problems("host = \"a\"\nhots = \"b\"", Plain.self)
                == ["a.toml:2:1: unknown key 'hots'; did you mean 'host'?"])
    }

    @Test func `a file that cannot be read says why`() {
        do throws(TOMLError) {
            _ = try TOMLDocument(path: "/nowhere/a.toml")
            Issue.record("read what is not there")
        } catch {
            #expect(error.description == "/nowhere/a.toml: No such file or directory")
        }
        do throws(TOMLError) {
            _ = try TOMLDocument(path: "/tmp")
            Issue.record("read a directory")
        } catch {
            #expect(error.description == "/tmp: Is a directory")
        }
    }
}
