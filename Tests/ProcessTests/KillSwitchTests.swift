import Articles
import Glibc
import Ingestion
import Linux
import Messaging
import TestSupport
import Testing

/// The built program ends at every named point, where its environment asks for that, and the next one goes on.
@Suite struct KillSwitchTests {
    @Test(arguments: IntakePoint.ofFiles)
    func `the watcher ends at a named point, and the next one loses nothing`(point: IntakePoint) throws {
        let dropwire = try Installation()
        let note = dropwire.scratch.path("killed")
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        let first = try dropwire.start(
            "watch",
            launcher: ["/usr/bin/env", "DROPWIRE_KILL_AT=\(point.rawValue):1", "DROPWIRE_KILL_NOTE=\(note)"])
        #expect(try first.waitUntilEnded() == .killed(signal: SIGKILL))
        #expect(dropwire.scratch.read("killed") == Array("\(point.rawValue)\n".utf8))

        let second = try dropwire.startReady("watch")
        try waitUntil("everything is archived") { dropwire.archive().count == 3 && dropwire.waiting.isEmpty }
        let entries = try dropwire.records()
        #expect(entries.map(\.position.seq) == Array(1...6))
        #expect(Set(entries.compactMap { $0.article?.title }) == Set((0..<3).map(Sample.title)))
        #expect(try second.stop() == .exited(0))
    }

    @Test(arguments: ["afterNoon:1", "afterCommit", "afterCommit:0"])
    func `a point that there is not is refused`(value: String) throws {
        let dropwire = try Installation()
        let watch = try dropwire.start("watch", launcher: ["/usr/bin/env", "DROPWIRE_KILL_AT=\(value)"])
        #expect(try watch.waitUntilEnded() == .exited(1))
        #expect(watch.errorOutput.contains("DROPWIRE_KILL_AT is POINT:VISIT, not '\(value)'"))
    }
}
