import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Erasing in the built program: nothing of the words is left, wherever they were.
@Suite struct ErasureTests {
    /// Stands in the erased article, and nowhere else.
    private static let marker = "The heron of the Kymi counts her seventeen grey feathers aloud."

    private static func ninjs(_ uri: String, _ version: Int = 1, words: String = marker, expires: Timestamp? = nil)
        -> String
    {
        let end = expires.map { #""expires": "\#($0)", "# } ?? ""
        return """
            {"uri": "\(uri)", "version": "\(version)", "pubstatus": "usable", \(end)"type": "text", "language": "en",
             "headline": "\(words) \(version)",
             "body_text": "\(words) Nobody else was at the river that morning, and the ice had gone a week before."}
            """
    }

    /// The files that have the words: state of all roles, archive, quarantine.
    ///
    /// - Parameter packed: what the words are in the archive of the index, where records are compressed.
    private func traces(_ dropwire: Installation, packed: [[UInt8]] = []) throws -> [String] {
        try ["state", "drop"].flatMap { folder in
            try ([Array(Self.marker.utf8)] + packed).flatMap {
                try dropwire.scratch.files(below: folder, containing: $0)
            }
        }
    }

    private func packed(_ dropwire: Installation) throws -> [[UInt8]] {
        try dropwire.archivedRecords().filter { $0.record.firstRange(of: Array(Self.marker.utf8)) != nil }.map(\.stored)
    }

    private func streams(_ dropwire: Installation) throws -> String {
        try ["watch", "deduplicate", "status"].flatMap { try dropwire.records(of: $0) }
            .map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
    }

    private func why(_ what: String, _ dropwire: Installation) throws -> JSONValue {
        let output = try dropwire.run(["why", "--json", what]).output
        return try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8))
    }

    private func waitForResults(_ path: String, _ dropwire: Installation) throws {
        try waitUntil("every worker is done with '\(path)'", within: .seconds(60)) {
            try why(path, dropwire)["articles"]?.arrayValue?.first?["results"]?.arrayValue?.count == 3
        }
    }

    @Test func `an erased article is in no file of any role, on no stream and in no archive`() throws {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        try dropwire.drop(Self.ninjs("urn:heron"), as: "heron.json")
        try waitForResults("heron.json", dropwire)
        // A copy waits in the deduplicator, to take its place.
        try dropwire.drop(Self.ninjs("urn:copy"), as: "copy.json")
        try dropwire.drop(Sample.article(1), as: "other.txt")
        try waitForResults("copy.json", dropwire)
        try waitForResults("other.txt", dropwire)
        #expect(try streams(dropwire).contains(Self.marker))
        let packed = try packed(dropwire)
        #expect(packed.count == 2)
        let before = try traces(dropwire, packed: packed)
        for part in ["state/watch", "state/deduplicate", "state/index", "state/status", "drop/.done"] {
            #expect(before.contains { $0.hasPrefix(part) }, "\(part) should have it: \(before)")
        }
        let id = try #require(
            try why("heron.json", dropwire)["articles"]?.arrayValue?.first?["id"]?.stringValue)
        let byID = try dropwire.run(["erase", id, "--reason", "Court order 7"])
        #expect(byID.ending == .exited(0), "\(byID.errorOutput)")
        #expect(byID.output.contains("erased: \(id)") && byID.output.contains("heron.json"), "\(byID.output)")
        let byName = try dropwire.run(["erase", "desk", "urn:copy", "--reason", "Court order 7", "--json"])
        #expect(byName.ending == .exited(0), "\(byName.errorOutput)")
        let outcome = try JSONDecoder().decode(JSONValue.self, from: Data(byName.output.utf8))
        #expect(outcome["n"] == .integer(2) && outcome["removed"]?.arrayValue?.count == 1)
        try waitUntil("nothing is left of it", within: .seconds(60)) { try traces(dropwire, packed: packed).isEmpty }
        #expect(try !streams(dropwire).contains(Self.marker))
        let unique = try dropwire.records(of: "deduplicate").map { RecordType.of($0.bytes) }
        #expect(unique.contains(.gone) && unique.contains(.article), "\(unique)")
        #expect(try !dropwire.run(["search", "heron"]).output.contains(Self.marker))
        #expect(try why(id, dropwire)["articles"]?.arrayValue?.first?["standing"] == .string("erased"))
        // It is not taken again, and not kept.
        try dropwire.drop(Self.ninjs("urn:copy", 2), as: "again.json")
        let again = try dropwire.fileRecord(of: "again.json")
        #expect(again.outcome == .ignored && again.code == "erased")
        try waitUntil("the file is not kept") {
            try traces(dropwire, packed: packed).isEmpty && dropwire.waiting.isEmpty
        }
        let list = try dropwire.run(["erase", "list"])
        #expect(list.output.split(separator: "\n").count == 2 && list.output.contains("Court order 7"))
        #expect(try crew.stopAll() == [])
        #expect(try traces(dropwire, packed: packed) == [])
    }

    @Test func `what nobody knows is an error, and so is an erasure without a reason`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let unknown = try dropwire.run(["erase", String(repeating: "ab", count: 16), "--reason", "R"])
        #expect(unknown.ending == .exited(1))
        #expect(unknown.errorOutput.contains("no article 'abab") && unknown.errorOutput.contains("does not answer"))
        for arguments in [["erase", "desk", "urn:a"], ["erase", "urn:a", "--reason", "R"], ["erase"]] {
            #expect(try dropwire.run(arguments).ending == .exited(64))
        }
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `a database that is restored from before is erased again at the start, and the workers are told`() throws
    {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        try dropwire.drop(Self.ninjs("urn:heron"), as: "heron.json")
        _ = try dropwire.fileRecord(of: "heron.json")
        #expect(try first.stop() == .exited(0))
        let backup = try #require(dropwire.scratch.read("state/watch/log.sqlite"))
        let second = try dropwire.startReady("watch")
        #expect(try dropwire.run(["erase", "desk", "urn:heron", "--reason", "R"]).ending == .exited(0))
        #expect(try second.stop() == .exited(0))
        #expect(try traces(dropwire) == [])
        try dropwire.scratch.write(backup, to: "state/watch/log.sqlite")
        #expect(try !traces(dropwire).isEmpty)
        let crew = Crew(dropwire)
        try crew.startAll()
        try waitUntil("it is gone again", within: .seconds(60)) {
            try traces(dropwire).isEmpty && dropwire.records().map { RecordType.of($0.bytes) } == [.gone, .file, .gone]
        }
        #expect(try crew.stopAll() == [])
    }

    @Test func `an article whose time is over is erased by itself, wherever it was`() throws {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        // Long enough that every worker has it before.
        let end = Timestamp(milliseconds: Clocks.wallMilliseconds() + 30_000)
        try dropwire.drop(Self.ninjs("urn:heron", expires: end), as: "heron.json")
        try waitForResults("heron.json", dropwire)
        #expect(try !traces(dropwire).isEmpty)
        try waitUntil("it is gone by itself", within: .seconds(90)) { try traces(dropwire).isEmpty }
        #expect(Clocks.wallMilliseconds() >= end.milliseconds)
        #expect(try dropwire.records().map { RecordType.of($0.bytes) } == [.gone, .file, .gone])
        #expect(try dropwire.run(["erase", "list"]).output.contains("expires: expired"))
        #expect(try crew.stopAll() == [])
    }

    @Test func `an end between the database and the archive ends erased`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.start("watch", launcher: ["/usr/bin/env", "DROPWIRE_KILL_AT=afterErasure:1"])
        try watch.waitUntilReady()
        try dropwire.drop(Self.ninjs("urn:heron"), as: "heron.json")
        _ = try dropwire.fileRecord(of: "heron.json")
        try waitUntil("it is archived") { dropwire.archive().count == 1 }
        // Its answer never comes.
        let tool = try TestedProcess(
            ["erase", "--config", dropwire.configurationPath, "desk", "urn:heron", "--reason", "R"])
        #expect(try watch.waitUntilEnded() == .killed(signal: SIGKILL))
        #expect(dropwire.archive().count == 1)
        _ = try tool.kill()
        let next = try dropwire.startReady("watch")
        try waitUntil("it is gone") { try traces(dropwire).isEmpty }
        #expect(dropwire.archive().isEmpty)
        #expect(try next.stop() == .exited(0))
    }
}
