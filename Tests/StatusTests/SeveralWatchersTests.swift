import Articles
import Foundation
import Lifecycle
import Linux
import Messaging
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Status

/// A status service that several watchers report to.
@Suite(.timeLimit(.minutes(10))) struct SeveralWatchersTests {
    private let other = StreamID("1f0e0d0c-0b0a-4908-8706-050403020100")!

    /// A watcher's admin socket, which says its name.
    private func admin(_ name: String, _ service: RunningStatus) throws -> (Running, address: String) {
        let address = "ipc://" + service.scratch.path("\(name).sock")
        let server = try CommandServer(
            name: "admin", context: service.context, endpoints: [Endpoint(binding: address)],
            makeHandlers: {
                [
                    "QUARANTINE": { _ in Reply { $0.field("files", [name]) } },
                    "FILE": { _ in Reply { $0.field("path", "\(name)/a.txt") } },
                ]
            })
        return (try Running(server), address)
    }

    private func beat(
        _ name: String, _ service: RunningStatus, _ change: (inout Heartbeat) -> Void = { _ in }
    ) throws {
        var heartbeat = Heartbeat(name: name, kind: "watch")
        change(&heartbeat)
        _ = try service.client().request("HEARTBEAT", json: heartbeat.json)
    }

    @Test func `a command goes to the watcher that is named, or has the stream or the directory`() throws {
        let service = try RunningStatus()
        let (east, eastAddress) = try admin("east", service)
        let (west, westAddress) = try admin("west", service)
        defer {
            east.stop()
            west.stop()
        }
        try beat("east", service) { beat in
            beat.endpoints = ["admin": [eastAddress]]
            beat.streams = [.init(stream: sampleStream, epoch: 1, seq: 0, head: 0)]
            beat.directories = DirectoryList([DirectoryStatus(path: "/in", source: "a")], pausedSince: nil)
        }
        try beat("west", service) { beat in
            beat.endpoints = ["admin": [westAddress]]
            beat.streams = [.init(stream: other, epoch: 1, seq: 0, head: 0)]
            beat.directories = DirectoryList([DirectoryStatus(path: "/out", source: "a")], pausedSince: nil)
        }
        func ask(_ command: String, _ json: String) throws -> JSONValue {
            try JSONValue(json: service.client().request(command, json: Array(json.utf8)).json)
        }
        #expect(try ask("QUARANTINE", #"{"watcher":"west"}"#)["files"] == .array([.string("west")]))
        let named = "east@\(ProcessInformation.hostName)"
        #expect(try ask("QUARANTINE", #"{"watcher":"\#(named)"}"#)["files"] == .array([.string("east")]))
        #expect(try ask("FILE", #"{"directory":"/out"}"#)["path"] == .string("west/a.txt"))
        #expect(try ask("FILE", #"{"directory":"/in","stream":"\#(other)"}"#)["path"] == .string("west/a.txt"))
        let several = #expect(throws: WireError.self) { try ask("QUARANTINE", "{}") }
        #expect(several?.code == 400 && several?.message.contains(named) == true)
        let none = #expect(throws: WireError.self) { try ask("QUARANTINE", #"{"watcher":"north"}"#) }
        #expect(none?.code == 400 && none?.message.contains("there is no watcher 'north'") == true)

        // Where it is on another host, what it serves there is of no use here.
        try beat("far", service) { beat in
            beat.host = "paris"
            beat.endpoints = ["admin": ["ipc:///run/dropwire/watch/admin.sock"]]
        }
        let unreachable = #expect(throws: WireError.self) { try ask("QUARANTINE", #"{"watcher":"far"}"#) }
        #expect(unreachable?.code == 503 && unreachable?.message.contains("far on paris") == true)
    }

    @Test func `a watcher that tells of itself is followed, and where its log is away that is said by name`() throws {
        let service = try RunningStatus()
        try service.publish([article("One")])
        let connection = try Connection(path: service.scratch.path("other.sqlite"))
        let log = try ArticleLog(connection: connection)
        _ = try connection.transaction {
            try log.append(topic: .article(source: "reuters", language: "en"), record: article("Two").encodeRecord())
        }
        let address = "ipc://" + service.scratch.path("other-log.sock")
        let server = try Running(
            LogServer(
                context: service.context,
                configuration: StreamConfiguration(
                    name: "articles", feed: [Endpoint(binding: "ipc://" + service.scratch.path("other-feed.sock"))],
                    log: [Endpoint(binding: address)]),
                databasePath: service.scratch.path("other.sqlite")))
        try beat("west", service) { $0.endpoints = ["log": [address]] }
        func articles() throws -> Int64? {
            try JSONValue(json: service.client().request("SUMMARY").json)["articles"]?.integerValue
        }
        #expect(try eventually { try articles() == 2 })
        server.stop()
        #expect(
            eventually {
                service.board.troubles().contains {
                    $0.name == "status" && $0.text.hasPrefix("Articles of west cannot be followed: ")
                }
            })
        try service.publish([article("Three")])
        #expect(try eventually { try articles() == 3 })
    }

    @Test func `the same path in the quarantines of two watchers is two files`() throws {
        let scratch = try ScratchDirectory()
        let store = try ResultStore(path: scratch.path("status.sqlite"))
        let bad = file("a.txt", .quarantined, code: .empty).encodeRecord()
        try store.follow([bad])
        try store.follow([bad], of: other)
        #expect(try store.reader.quarantineCount() == 2)
        #expect(try Set(store.reader.quarantine(limit: 5).map(\.stream)) == [sampleStream, other])
        try store.follow([file("a.txt", .discarded).encodeRecord()], from: 2)
        #expect(try store.reader.quarantine(limit: 5).map(\.stream) == [other])
    }

    @Test func `what an older version has in quarantine belongs to its one watcher`() throws {
        let scratch = try ScratchDirectory()
        let path = scratch.path("status.sqlite")
        try ResultStore(path: path).follow([file("a.txt", .quarantined, code: .empty).encodeRecord()])
        let connection = try Connection(path: path)
        try connection.execute(
            """
            CREATE TABLE old(directory TEXT NOT NULL, path TEXT NOT NULL, time_ms INTEGER NOT NULL,
                record BLOB NOT NULL, PRIMARY KEY(directory, path));
            INSERT INTO old SELECT directory, path, time_ms, record FROM quarantine;
            DROP TABLE quarantine;
            ALTER TABLE old RENAME TO quarantine;
            CREATE INDEX quarantine_time ON quarantine(time_ms);
            DROP TABLE quarantine_gone;
            CREATE TABLE quarantine_gone(
                directory TEXT NOT NULL, path TEXT NOT NULL, part INTEGER NOT NULL, PRIMARY KEY(directory, path, part))
                WITHOUT ROWID;
            UPDATE meta SET v=3 WHERE k='status_schema';
            """)
        let store = try ResultStore(path: path)
        #expect(try store.reader.quarantine(limit: 5).map(\.stream) == [sampleStream])
        try store.follow([file("a.txt", .discarded).encodeRecord()], from: 2)
        #expect(try store.reader.quarantineCount() == 0)
    }
}
