import TOML
import Testing

@testable import Ingestion

/// What a configuration says of drop directories.
@Suite struct ConfigurationTests {
    private func decode(_ text: String) throws -> Configuration {
        try TOMLDocument(text: text, name: "test.toml").decode(Configuration.self)
    }

    @Test func `a drop directory needs its path alone`() throws {
        let directory = try #require(try decode("[[drop]]\npath = \"/srv/In Coming/\"\n").directories.first)
        #expect(directory == DropDirectoryConfiguration(path: "/srv/In Coming"))
        #expect(directory.source == "in-coming")
    }

    @Test(arguments: [
        ("[[drop]]\npath = \"/a\"\n[[drop]]\npath = \"/a/\"\n", "'/a' is named in test.toml:2:8 already"),
        (
            "[[drop]]\npath = \"/a\"\n[[drop]]\npath = \"/a/b\"\n",
            "test.toml:4:8: drop[1].path: the directory '/a/b' lies in '/a' (test.toml:2:8)"
        ),
        (
            "[[drop]]\npath = \"/a/x\"\narchive_directory = \"/k\"\n[[drop]]\npath = \"/b/x\"\narchive_directory = \"/k/\"\n",
            "both would be kept in '/k/x'"
        ),
        (
            "[[drop]]\npath = \"/a\"\n[[drop]]\npath = \"/b\"\narchive_directory = \"/a/kept\"\n",
            "the archive '/a/kept' lies in the drop directory '/a' (test.toml:2:8)"
        ),
        ("[[drop]]\npath = \"a\"\n", "absolute"),
        ("[[drop]]\npath = \"/a\"\npoll_interval = \"0s\"\n", "poll_interval"),
        ("[[drop]]\npath = \"/a\"\nsetle_time = \"1s\"\n", "settle_time"),
        ("[[drop]]\npath = \"/a\"\nafter = \"burn\"\n", "after"),
        ("[[drop]]\npath = \"/a\"\nexpires = \"kep\"\n", "expires"),
        ("[[drop]]\npath = \"/a\"\nretention_days = -1\n", "retention_days"),
        ("[[drop]]\npath = \"/a\"\nretention_days = 36501\n", "retention_days"),
        ("[[drop]]\npath = \"/a\"\ntime_zone = \"europe/helsinki\"\n", "did you mean \"Europe/Helsinki\"?"),
        ("[[drop]]\npath = \"/a\"\ntime_zone = \"New York\"\n", "did you mean \"America/New_York\"?"),
        ("[[drop]]\npath = \"/a\"\ntime_zone = \"Europe/Helsinky\"\n", "did you mean \"Europe/Helsinki\"?"),
        ("[[drop]]\npath = \"/a\"\ntime_zone = \"local time\"\n", "is \"local time\""),
        ("[[drop]]\npath = \"/a\"\nformat = \"natve\"\n", "did you mean \"native\"?"),
        ("[[drop]]\npath = \"/a\"\nexclude = [\"*.txt\", \"[a\"]\n", "\"[a\" has a [ that nothing closes"),
        ("[[drop]]\npath = \"/a\"\ntopic = \"A B\"\n", "for example \"a-b\""),
    ])
    func `what cannot be is refused with a sentence`(text: String, part: String) {
        let error = #expect(throws: TOMLError.self) { try decode(text) }
        #expect(error.map { "\($0)".contains(part) } == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test func `a directory within another one is taken where that does not look below itself`() throws {
        let text = "[[drop]]\npath = \"/a\"\nrecursive = false\n[[drop]]\npath = \"/a/b\"\n"
        #expect(try decode(text).directories.count == 2)
    }
}
