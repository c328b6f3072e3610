import Articles
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// The watcher as a process: from a dropped file to its records, its drain, and what it refuses.
@Suite struct WatchProcessTests {
    private static let text = """
        Ferry service to the islands returns after storm

        2026-01-14 08:20:00

        Abstract: Boats run again to three islands that were cut off for four days.

        The first boat left the mainland at seven with mail, bread and forty passengers.

        “Nobody went hungry,” said the harbour master of the largest island, “but the post was missed.”
        """

    @Test func `a dropped article comes out on log and feed and lies in the archive`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let feed = try FeedSubscriber(
            context: dropwire.context, endpoint: "ipc://\(dropwire.scratch.path("run"))/watch-feed.sock")
        // The subscription has arrived when the head is told.
        try waitUntil("the feed is joined") { try feed.receive() != nil }

        try dropwire.drop(WatchProcessTests.text, as: "ferry.txt")
        let file = try dropwire.fileRecord(of: "ferry.txt")
        let entries = try dropwire.records()
        #expect(entries.map(\.position.seq) == [1, 2])
        let article = try #require(entries[0].article)
        #expect(article.title == "Ferry service to the islands returns after storm")
        #expect(article.abstract == "Boats run again to three islands that were cut off for four days.")
        #expect(article.published?.description == "2026-01-14T08:20:00Z")
        #expect(article.language == "en")
        #expect(article.source == "desk")
        #expect(
            article.body == """
                The first boat left the mainland at seven with mail, bread and forty passengers.

                “Nobody went hungry,” said the harbour master of the largest island, “but the post was missed.”
                """)
        #expect(file.outcome == .published)
        #expect(file.articles == 1)
        #expect(file.firstSeq == 1 && file.lastSeq == 1)
        #expect(file.articleID == article.id)
        #expect(file.bytes == WatchProcessTests.text.utf8.count)

        var published: (topic: String, frame: PositionFrame, body: [UInt8])?
        try waitUntil("the article is on the feed") {
            while let message = try feed.receive() {
                if message.frame.kind == .record { published = published ?? message }
            }
            return published != nil
        }
        #expect(published?.topic == "art/desk/en/")
        #expect(published?.frame.position == entries[0].position)
        #expect(published?.body == entries[0].bytes)

        try waitUntil("the file is archived") { dropwire.waiting.isEmpty }
        #expect(dropwire.archive() == ["ferry.txt": Array(WatchProcessTests.text.utf8)])
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal drains the watcher, and the next one goes on with what was left`(signal: Int32) throws {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        for number in 0..<50 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        #expect(try first.stop(with: signal) == .exited(0))
        #expect(first.errorOutput.contains("Drained."))

        let second = try dropwire.startReady("watch")
        try waitUntil("everything is archived") { dropwire.archive().count == 50 }
        let entries = try dropwire.records()
        #expect(entries.map(\.position.seq) == Array(1...100))
        #expect(Set(entries.compactMap { $0.article?.title }) == Set((0..<50).map(Sample.title)))
        #expect(try second.stop() == .exited(0))
    }

    @Test func `a parent that has SIGTERM blocked does not keep it from draining`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.start("watch", launcher: ["/usr/bin/env", "--block-signal=TERM"])
        try watch.waitUntilReady()
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `a second watcher on the same state refuses`() throws {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        let second = try dropwire.start("watch")
        let ending = try second.waitUntilEnded()
        #expect(ending != .exited(0))
        #expect(second.errorOutput.contains("is in use by another dropwire process"))
        try expectAlive(dropwire, first)
    }

    @Test func `a second watcher on the same drop directory refuses`() throws {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        let text = String(decoding: dropwire.scratch.read("dropwire.toml")!, as: UTF8.self)
        let other = text.replacing("/state\"", with: "/other-state\"").replacing("/run", with: "/other-run")
        try dropwire.scratch.makeDirectory("other-run")
        try dropwire.scratch.write(other, to: "other.toml")
        let second = try dropwire.start("watch", configuration: dropwire.scratch.path("other.toml"))
        #expect(try second.waitUntilEnded() != .exited(0))
        #expect(second.errorOutput.contains("'\(dropwire.dropPath)' is watched by another dropwire process"))
        try expectAlive(dropwire, first)
    }

    @Test func `a database that is none is told, and nothing is taken`() throws {
        let dropwire = try Installation()
        try dropwire.scratch.makeDirectory("state/watch")
        try dropwire.scratch.write(Array(repeating: UInt8(ascii: "?"), count: 8192), to: "state/watch/log.sqlite")
        try dropwire.drop(WatchProcessTests.text, as: "ferry.txt")
        let watch = try dropwire.start("watch")
        #expect(try watch.waitUntilEnded() == .exited(1))
        #expect(watch.errorOutput.contains("log.sqlite"))
        #expect(watch.errorOutput.contains("not a database"))
        #expect(dropwire.waiting == ["ferry.txt"])
    }

    @Test(arguments: [("deduplicate", "state.sqlite"), ("index", "index.sqlite"), ("status", "results.sqlite")])
    func `the other processes tell a database that is none, too`(role: String, name: String) throws {
        let dropwire = try Installation()
        try dropwire.scratch.makeDirectory("state/\(role)")
        let garbage = [UInt8](repeating: UInt8(ascii: "?"), count: 8192)
        try dropwire.scratch.write(garbage, to: "state/\(role)/\(name)")
        let process = try dropwire.start(role)
        #expect(try process.waitUntilEnded() == .exited(1))
        #expect(process.errorOutput.contains(name))
        #expect(process.errorOutput.contains("not a database"))
        #expect(dropwire.scratch.read("state/\(role)/\(name)") == garbage)
    }

    private func expectAlive(_ dropwire: Installation, _ watch: TestedProcess) throws {
        try dropwire.drop(WatchProcessTests.text, as: "ferry.txt")
        #expect(try dropwire.fileRecord(of: "ferry.txt").outcome == .published)
        #expect(try watch.stop() == .exited(0))
    }
}
