import TestSupport
import Testing

@testable import TOML

/// Several texts that are one configuration: what wins, and that every error names the right file.
@Suite struct MergingTests {
    private struct Drop: Decodable, Equatable {
        var path: String
        var tags: [String] = []

        enum CodingKeys: String, CodingKey { case path, tags }

        init(path: String, tags: [String] = []) { (self.path, self.tags) = (path, tags) }

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: CodingKeys.self)
            path = try keys.required(.path)
            tags = try keys.value(.tags, default: tags)
        }
    }

    private struct Watch: Decodable, Equatable {
        var drops: [Drop] = []
        var limit = 1
        var wait = Duration.seconds(1)
        var hosts: [String] = []

        enum CodingKeys: String, CodingKey { case drops = "drop", limit, wait, hosts }

        init() {}

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: CodingKeys.self)
            drops = try keys.value(.drops, default: drops)
            limit = try keys.value(.limit, default: limit, in: 1...9)
            wait = try keys.value(.wait, default: wait)
            hosts = try keys.value(.hosts, default: hosts)
        }
    }

    private struct Root: Decodable, Equatable {
        var watch = Watch()
        var state = "here"

        enum CodingKeys: String, CodingKey { case watch, state }

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: CodingKeys.self)
            state = try keys.value(.state, default: state)
            watch = try keys.section(.watch, default: watch) { try Watch(from: $0) }
        }
    }

    private func merge(_ texts: [String]) throws -> TOMLDocument {
        try TOMLDocument(
            merging: texts.enumerated().map { try TOMLDocument(text: $1, name: "\($0).toml") })
    }

    private func problems(_ texts: [String]) throws -> [String] {
        do {
            _ = try merge(texts).decode(Root.self)
            return []
        } catch let error as TOMLError {
            return error.problems.map(\.description)
        }
    }

    @Test func `tables are merged key by key, a later value wins, arrays of tables are appended`() throws {
        let root = try merge([
            "state = \"a\"\n[watch]\nlimit = 2\nhosts = [\"x\", \"y\"]\n[[watch.drop]]\npath = \"/1\"",
            "[[watch.drop]]\npath = \"/2\"\ntags = [\"t\"]\n[watch]\nwait = \"5s\"",
            "state = \"c\"\n[watch]\nlimit = 3\nhosts = []\n[[watch.drop]]\npath = \"/3\"",
        ]).decode(Root.self)
        #expect(root.state == "c")
        #expect(root.watch.limit == 3)
        #expect(root.watch.wait == .seconds(5))
        #expect(root.watch.hosts == [])
        #expect(root.watch.drops == [Drop(path: "/1"), Drop(path: "/2", tags: ["t"]), Drop(path: "/3")])
    }

    @Test(arguments: [
        (["[watch]\nlimit = 2", "[watch]\n\nlimit = 10"], "1.toml:3:9: watch.limit: must be 1 to 9, is 10"),
        (["[watch]\nlimt = 2", "[watch]\nlimit = 2"], "0.toml:2:1: watch: unknown key 'limt'; did you mean 'limit'?"),
        (["", "[wacht]"], "1.toml:1:2: unknown key 'wacht'; did you mean 'watch'?"),
        (["sate = 1", "sate = 2"], "1.toml:1:1: unknown key 'sate'; did you mean 'state'?"),
        (
            ["[[watch.drop]]\npath = \"a\"", "[[watch.drop]]\ntags = []"],
            "1.toml:1:1: watch.drop[1]: the required key 'path' is missing"
        ),
        (["[watch]\nlimit = 1", "watch = 5"], "1.toml:1:9: watch: is the integer 5 here, and a table in 0.toml:1:1"),
        (
            ["state = \"a\"", "[state]\nx = 1"],
            "1.toml:1:1: state: is a table here, and the string \"a\" in 0.toml:1:9"
        ),
        (
            ["[[watch.drop]]\npath = \"a\"", "watch.drop = 7"],
            "1.toml:1:14: watch.drop: expected an array, found the integer 7"
        ),
    ])
    func `an error names the file that it is in`(texts: [String], expected: String) throws {
        #expect(try problems(texts) == [expected])
    }

    @Test func `problems come in the order of the files`() throws {
        #expect(
            try problems(["[watch]\nlimit = 0\n", "state = 1", "[watch]\nwait = 1\n[x]"]).map { $0.prefix(8) }
                == ["0.toml:2", "1.toml:1", "2.toml:2", "2.toml:3"])
    }

    @Test func `what cannot be parsed is told of all files at once`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write("a = ", to: "z.toml")
        try scratch.write("a = 1", to: "b.toml")
        try scratch.write("\n= 1", to: "a.toml")
        let paths = ["z.toml", "b.toml", "a.toml", "none.toml"].map(scratch.path)
        do throws(TOMLError) {
            _ = try TOMLDocument(paths: paths)
            Issue.record("read what cannot be parsed")
        } catch {
            #expect(error.problems.map(\.file) == [paths[0], paths[2], paths[3]])
            #expect(error.problems.map(\.line) == [1, 2, 0])
        }
    }

    @Test func `every key is listed with its value and its place, those of absent tables too`() throws {
        let document = try merge(["[[watch.drop]]\npath = \"a\\\"b\"", "[watch]\nwait = \"90s\""])
        let settings = try document.decodeListing(Root.self).settings
        #expect(
            settings.map { "\($0.key) = \($0.value.toml) # \($0.place ?? "default")" } == [
                "state = \"here\" # default", "watch.drop[0].path = \"a\\\"b\" # 0.toml:2:8",
                "watch.drop[0].tags = [] # default", "watch.limit = 1 # default", "watch.wait = \"90s\" # 1.toml:2:8",
                "watch.hosts = [] # default",
            ])
        let member = settings[1].member(of: "watch.drop")
        #expect(member?.index == 0 && member?.name == "path")
        #expect(settings[3].member(of: "watch.drop") == nil)
        let least = try TOMLDocument(text: "", name: "least").decodeListing(Root.self).settings
        #expect(least.map(\.key) == ["state", "watch.drop", "watch.limit", "watch.wait", "watch.hosts"])
    }

    @Test func `the listing as a text says the same when it is read`() throws {
        let document = try merge([
            "state = \"\\u0001 # \\\\ ü\"\n[watch]\nhosts = [\"x\", '\"']\n[[watch.drop]]\npath = \"/1\"",
            "[[watch.drop]]\npath = \"/2\"\ntags = [\"t\"]\n[watch]\nwait = \"5s\"",
        ])
        let (root, settings) = try document.decodeListing(Root.self)
        let lines = SettingsText(settings).lines
        #expect(lines.count { $0 == "[[watch.drop]]" } == 2)
        #expect(try TOMLDocument(text: lines.joined(separator: "\n"), name: "again").decode(Root.self) == root)
    }
}
