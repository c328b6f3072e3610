import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import SQLite
import TestSupport
import Testing

/// `backup` while everything works, `restore`, and what `doctor` says.
@Suite struct BackupTests {
    private func object(_ text: some StringProtocol) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    @Test func `what is backed up under load fits together when it is put back, and nothing is lost or done twice`()
        throws
    {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        let count = 400
        for number in 1...count / 2 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("work has begun") { try dropwire.records().count > 20 }
        let backup = try TestedProcess(
            ["backup", "--config", dropwire.configurationPath, dropwire.scratch.path("backup"), "--json"])
        for number in count / 2 + 1...count { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        #expect(try backup.waitUntilEnded(within: .seconds(120)) == .exited(0), "\(backup.errorOutput)")
        let manifest = try object(backup.output)
        let log = try #require(manifest["logs"]?.arrayValue?.first { $0["path"] == .string("watch/log.sqlite") })
        let head = try #require(log["head"]?.integerValue)
        #expect(head > 0 && log["epoch"] == .integer(1))
        try waitUntil("all is read", within: .seconds(120)) { dropwire.waiting.isEmpty }
        #expect(try crew.stopAll() == [])

        // A consumer of somebody's that was further than the backup.
        let cursor = Cursor(
            stream: try #require(StreamID(log["stream"]?.stringValue ?? "")), epoch: 1, seq: UInt64(head) + 3,
            timeMilliseconds: 5)
        try dropwire.scratch.rename("state", to: "lost")
        try dropwire.scratch.makeDirectory("state")
        let restored = try dropwire.run(["restore", dropwire.scratch.path("backup")])
        #expect(restored.ending == .exited(0), "\(restored.errorOutput)")
        #expect(restored.output.contains("watch/log.sqlite: epoch 2, up to record \(head)"))
        let again = try dropwire.run(["restore", dropwire.scratch.path("backup")])
        #expect(again.ending == .exited(1) && again.errorOutput.contains("into an empty state directory only"))
        let doctor = try dropwire.run(["doctor", "--json"])
        let findings = try doctor.output.split(separator: "\n").map(object)
        #expect(findings.allSatisfy { $0["state"] != .string("bad") }, "\(doctor.output)")
        #expect(doctor.ending == .exited(0))

        let next = Crew(dropwire)
        try next.startAll()
        try dropwire.drop(Sample.article(count + 1), as: "later.txt")
        #expect(try dropwire.fileRecord(of: "later.txt", within: .seconds(60)).outcome == .published)
        let client = CommandClient(
            context: dropwire.context, endpoints: ["ipc://\(dropwire.scratch.path("run"))/watch-log.sock"])
        let error = #expect(throws: WireError.self) {
            try client.request("FETCH", json: LogRequests.fetch(after: cursor, waitMilliseconds: 0))
        }
        #expect(error?.code == 409 && error?.fields["head"] != nil)
        // Every article of the restored log, and the one that came later, has each worker's result once.
        let articles = try dropwire.records().filter { $0.article != nil }.map(\.position.seq)
        try waitUntil("every article has its three results", within: .seconds(120)) {
            let results = try dropwire.records(of: "status").compactMap(\.result).filter { $0.status == .ok }
            let told = Dictionary(grouping: results, by: \.seq).mapValues { Set($0.map(\.kind)).count }
            return articles.allSatisfy { told[$0] == 3 }
        }
        let results = try Connection(path: dropwire.scratch.path("state/status/results.sqlite"), mode: .readOnly)
        #expect(try results.scalar("SELECT count(*) FROM result") == Int64(articles.count * 3))
        #expect(try next.stopAll() == [])
    }

    @Test func `a backup that was changed is not restored, and a directory that is there is not backed up into`() throws
    {
        let dropwire = try Installation()
        #expect(try dropwire.run(["backup", dropwire.scratch.path("backup")]).ending == .exited(1))
        let watch = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(1), as: "1.txt")
        _ = try dropwire.fileRecord(of: "1.txt")
        #expect(try dropwire.run(["backup", dropwire.scratch.path("backup")]).ending == .exited(0))
        #expect(try dropwire.run(["backup", dropwire.scratch.path("backup")]).errorOutput.contains("is there already"))
        #expect(dropwire.scratch.list().allSatisfy { !$0.hasSuffix(".partial") })
        // Not while a process works on the state.
        #expect(try dropwire.run(["restore", dropwire.scratch.path("backup")]).errorOutput.contains("in use"))
        #expect(try watch.stop() == .exited(0))
        try dropwire.scratch.rename("state", to: "lost")
        try dropwire.scratch.makeDirectory("state")
        var bytes = try #require(dropwire.scratch.read("backup/watch/log.sqlite"))
        bytes[5000] ^= 1
        try dropwire.scratch.write(bytes, to: "backup/watch/log.sqlite")
        let refused = try dropwire.run(["restore", dropwire.scratch.path("backup")])
        #expect(refused.ending == .exited(1) && refused.errorOutput.contains("is not what was backed up"))
        #expect(dropwire.scratch.list("state") == [])
        #expect(try dropwire.run(["restore", dropwire.scratch.path("lost")]).ending == .exited(78))
    }

    @Test func `the doctor finds what is wrong, and says what to do`() throws {
        let dropwire = try Installation()
        let healthy = try dropwire.run(["doctor"])
        #expect(healthy.ending == .exited(0), "\(healthy.output)\(healthy.errorOutput)")
        #expect(healthy.output.contains("start the services"))
        let watch = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(1), as: "1.txt")
        _ = try dropwire.fileRecord(of: "1.txt")
        let running = try dropwire.run(["doctor", "--all"])
        #expect(
            running.output.contains("watch, log: it answers") && running.output.contains("watch, admin: it answers"))
        #expect(running.output.contains("deduplicate: it does not run"))
        #expect(watch.send(SIGSTOP))
        let frozen = try dropwire.run(["doctor"])
        #expect(frozen.ending == .exited(1) && frozen.output.contains("systemctl restart dropwire-watch"))
        #expect(watch.send(SIGCONT))
        #expect(try watch.stop() == .exited(0))

        let log = try Connection(path: dropwire.scratch.path("state/watch/log.sqlite"))
        try log.execute("INSERT INTO log(seq, time_ms, topic, rec) VALUES (900, 99999999999999, 1, '{}')")
        try dropwire.scratch.makeDirectory("conf.d")
        try dropwire.scratch.write(
            "[security]\nkey_file = \"\(dropwire.scratch.path("key"))\"\n", to: "conf.d/key.toml")
        try dropwire.scratch.write("secret", to: "key")
        try dropwire.scratch.setMode("key", 0o644)
        let sick = try dropwire.run(["doctor", "--json"])
        #expect(sick.ending == .exited(1))
        let bad = try sick.output.split(separator: "\n").map(object).filter { $0["state"] == .string("bad") }
        #expect(
            Set(bad.compactMap { $0["subject"]?.stringValue }) == ["watch/log.sqlite", "clock", "security.key_file"])
        #expect(bad.allSatisfy { $0["advice"]?.stringValue?.isEmpty == false })
    }
}
