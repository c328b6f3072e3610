import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// A running watcher that gets another configuration, by signal and by tool.
@Suite struct ReloadTests {
    private let dropwire: Installation
    private let base: String

    init() throws {
        dropwire = try Installation()
        for name in ["second", "conf.d"] { try dropwire.scratch.makeDirectory(name) }
        base = String(decoding: try #require(dropwire.scratch.read("dropwire.toml")), as: UTF8.self)
    }

    /// Puts another file in the place of one, whole.
    private func put(_ text: String, as name: String) throws {
        try dropwire.scratch.write(text, to: name + ".new")
        try dropwire.scratch.rename(name + ".new", to: name)
    }

    private var second: String {
        """
        [[watch.drop]]
        path = "\(dropwire.scratch.path("second"))"
        poll_interval = "50ms"
        settle_time = "50ms"

        """
    }

    private func reload(_ watch: TestedProcess, until words: String, times: Int = 1) throws {
        let before = watch.errorOutput.count(of: words)
        for _ in 0..<times { watch.send(SIGHUP) }
        try waitUntil("the watcher says '\(words)'") { watch.errorOutput.count(of: words) > before }
    }

    @Test func `nothing is lost or taken twice while configurations come and go`() throws {
        let watch = try dropwire.startReady("watch")
        let producer = Producer(dropwire)
        var count = 0
        var others = 0
        try producer.run {
            for round in 0..<12 {
                count += 40
                producer.allow(count)
                try waitUntil("the producer is at work") { producer.count > count - 40 }
                // Files come there whether it is watched or not.
                others += 1
                try dropwire.scratch.dropByRename(
                    Array(Sample.article(10_000 + others).utf8), to: "second/\(others).txt")
                switch round % 4 {
                case 0:
                    try put(second, as: "conf.d/second.toml")
                    try reload(watch, until: "The configuration was reloaded.", times: 3)
                case 1:
                    try put(base.replacing("quiet_time", with: "quiet_tme"), as: "dropwire.toml")
                    try reload(watch, until: "The configuration was not reloaded; the old one holds.")
                case 2:
                    try put(
                        base.replacing("settle_time = \"50ms\"", with: "settle_time = \"70ms\""), as: "dropwire.toml")
                    try reload(watch, until: "The configuration was reloaded.")
                default:
                    try put("", as: "conf.d/second.toml")
                    try put(base, as: "dropwire.toml")
                    try reload(watch, until: "The configuration was reloaded.")
                }
            }
        }
        #expect(producer.count == count)
        try put(second, as: "conf.d/second.toml")
        try reload(watch, until: "The configuration was reloaded.")
        try waitUntil("everything is taken") {
            dropwire.waiting.isEmpty && dropwire.scratch.list("second").allSatisfy { $0.hasPrefix(".") }
        }
        let entries = try dropwire.records()
        #expect(entries.map(\.position.seq) == Array(1...UInt64(entries.count)))
        let titles = entries.compactMap { $0.article?.title }
        #expect(titles.count == count + others)
        #expect(
            Set(titles) == Set((0..<count).map(Sample.title) + (1...others).map { Sample.title(10_000 + $0) }))
        #expect(entries.compactMap(\.file).allSatisfy { $0.outcome == .published })
        #expect(dropwire.archive().count == count)
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `what is wrong is shown until it is mended, by signal and by tool`() throws {
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")
        func trouble() throws -> String? { try dropwire.heartbeat(of: "watch")?.trouble }
        try waitUntil("the watcher has told of itself") { try dropwire.heartbeat(of: "watch") != nil }
        #expect(try trouble() == nil)

        try put("[watch]\n  max_log_bytes = \"much\"\n", as: "conf.d/bad.toml")
        try reload(watch, until: "The configuration was not reloaded")
        let place = "\(dropwire.scratch.path("conf.d/bad.toml")):2:19"
        try waitUntil("the trouble is shown") {
            try trouble()?.hasPrefix("the configuration was not reloaded: \(place)") == true
        }
        let refused = try dropwire.run(["reload"])
        #expect(refused.ending == .exited(78))
        #expect(refused.errorOutput.contains(place))
        try dropwire.drop(Sample.article(1), as: "1.txt")
        #expect(try dropwire.fileRecord(of: "1.txt").outcome == .published)

        try put(second + "[watch.stream]\nring_bytes = \"1MiB\"\nretention = \"1d\"\n", as: "conf.d/bad.toml")
        let reloaded = try dropwire.run(["reload"])
        #expect(reloaded.ending == .exited(0), "\(reloaded.errorOutput)")
        #expect(
            reloaded.output == """
                added    \(dropwire.scratch.path("second"))
                changed  watch.stream.retention
                needs a restart: watch.stream.ring_bytes

                """)
        try waitUntil("the trouble is over") { try trouble() == nil }
        let again = try dropwire.run(["reload", "--json"])
        let told = try JSONDecoder().decode(JSONValue.self, from: Data(again.output.utf8))
        #expect(told["added"] == .array([]) && told["in_force"] == .boolean(true))
        #expect(told["needs_restart"] == .array([.string("watch.stream.ring_bytes")]))
        #expect(try watch.stop() == .exited(0))
        #expect(try status.stop() == .exited(0))
    }

    @Test func `a configuration without any drop directory is not taken`() throws {
        let watch = try dropwire.startReady("watch")
        try put(String(base.prefix { $0 != "[" }), as: "dropwire.toml")
        try reload(watch, until: "there is no drop directory")
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("the old one holds") { dropwire.waiting.isEmpty }
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: ["status", "deduplicate", "index", "summarize"])
    func `the other processes say on SIGHUP that they must be started again, and go on`(role: String) throws {
        let process = try dropwire.startReady(role)
        try put("nonsense", as: "dropwire.toml")
        try reload(process, until: "restart this process for what has changed", times: 2)
        #expect(process.ending == nil)
        #expect(try process.stop() == .exited(0))
    }
}

extension String {
    func count(of words: String) -> Int { ranges(of: words).count }
}
