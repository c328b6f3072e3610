import TestSupport
import Testing

@testable import dropwire

/// What is told of two configurations: which keys take effect, and which need a restart.
@Suite struct ConfigurationChangeTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private func load(_ text: String) throws -> LoadedConfiguration {
        try scratch.write(text, to: "a.toml")
        return try LoadedConfiguration(path: scratch.path("a.toml"))
    }

    private func change(_ before: String, _ now: String) throws -> ConfigurationChange {
        let before = try load(before)
        return ConfigurationChange(from: before, to: try load(now), startedWith: before)
    }

    private static let two = "[[watch.drop]]\npath = \"/a\"\n[[watch.drop]]\npath = \"/b/\"\n"

    @Test func `directories are told apart by their paths, wherever they stand`() throws {
        let change = try change(
            ConfigurationChangeTests.two,
            "[[watch.drop]]\npath = \"/c\"\n[[watch.drop]]\npath = \"/b\"\nafter = \"leave\"\npriority = 1\nsource = \"b\""
        )
        #expect(change.added == ["/c"])
        #expect(change.removed == ["/a"])
        #expect(change.changed == [.init(path: "/b", keys: ["priority", "after"])])
        #expect(change.keys == [] && change.needsRestart == [])
        #expect(change.description == "/c added; /a removed; /b: priority, after")
    }

    @Test func `the same in other words is no change`() throws {
        let change = try change(
            ConfigurationChangeTests.two,
            """
            [watch]
            max_log_bytes = "20480MiB"
            [[watch.drop]]
            path = "/a/"
            settle_time = "2000ms"
            [[watch.drop]]
            path = "/b"
            """)
        #expect(change.description == "none")
        #expect(change.changed == [] && change.needsRestart == [])
    }

    @Test func `keys that need a restart are named until there was one`() throws {
        let first = try load("")
        let second = try load("state_directory = \"/x\"\n[watch]\nmax_log_bytes = \"1GiB\"\n[index]\ngeneration = 2")
        let change = ConfigurationChange(from: first, to: second, startedWith: first)
        #expect(change.keys == ["watch.max_log_bytes"])
        #expect(change.needsRestart == ["state_directory", "index.generation"])
        let again = ConfigurationChange(from: second, to: second, startedWith: first)
        #expect(again.keys == [])
        #expect(again.needsRestart == ["state_directory", "index.generation"])
        #expect(ConfigurationChange(from: second, to: first, startedWith: first).needsRestart == [])
    }
}
