import Articles
import Linux
import SQLite
import TestSupport
import Testing

@testable import Messaging

/// Workers of this version beside a watcher of a later one, as an upgrade that begins with the watcher has them.
@Suite struct LaterVersionTests {
    private let house: LogHouse
    private let later: LaterLog
    private let running: RunningService
    private let script = Script()
    private let stub: StatusStub
    private let status: RunningService
    private var endpoint: String { "ipc://\(house.directory.path("later"))" }

    init() throws {
        house = try LogHouse()
        later = try LaterLog(
            context: house.context, endpoint: "ipc://\(house.directory.path("later"))", log: house.endpoint)
        running = try RunningService(later)
        let report = "ipc://\(house.directory.path("report"))"
        stub = try StatusStub(context: house.context, endpoint: report)
        status = try RunningService(stub)
    }

    private func configuration(_ name: String) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            name: name, logEndpoints: [endpoint], reportEndpoints: ["ipc://\(house.directory.path("report"))"],
            statePath: house.directory.path(name))
        configuration.retryDelay = .milliseconds(5)
        return configuration
    }

    /// Records of a later version: articles with members that this one does not know, and types that it does not.
    private func publish() throws {
        func widened(_ title: String) -> String {
            articleRecord(title).dropLast() + #","tone":{"of":"voice","score":0.5},"readers":[1,null,{"a":[]}]}"#
        }
        try house.append(
            [
                widened("one"), #"{"v":1,"type":"poll","id":"p1","question":"Which?","title":"not an article"}"#,
                #"{"type":"article","v":1,"later":true,"# + widened("two").dropFirst(24),
                #"{"v":1,"type":"correction","of":"one"}"#, widened("three"),
            ])
    }

    @Test func `a worker with a state passes over what a later watcher adds, and does the rest`() throws {
        let worker = try RunningService(
            StatefulWorker(context: house.context, configuration: configuration("count")) { [script] in
                CountingProcessor(script)
            })
        try publish()
        try waitUntil("all articles have results") { Set(stub.state.stored.keys.map(\.seq)) == [1, 3, 5] }
        #expect(script.value.worked == ["one", "two", "three"])
        #expect(stub.state.rows.allSatisfy { $0.status == .ok })
        worker.stop()
        let store = try WorkerStore(connection: Connection(path: house.directory.path("count")))
        #expect(try store.cursors.cursor(of: house.log.stream)?.seq == 5)
        #expect(try store.failureCounts().dead == 0)
    }

    @Test func `work that is shared goes on with a later watcher`() throws {
        let worker = try RunningService(
            StatelessWorker(
                context: house.context, configuration: configuration("plain"), lease: .seconds(60)
            ) { [script] in PlainProcessor(script) })
        try publish()
        try waitUntil("all articles have results") { Set(stub.state.stored.keys.map(\.seq)) == [1, 3, 5] }
        #expect(Set(script.value.worked) == ["one", "two", "three"])
        // All is given back as done: nobody gets it again.
        try waitUntil("nothing is leased") {
            try Connection(path: house.directory.path("log.sqlite-groups"), mode: .readOnly)
                .scalar("SELECT count(*) FROM work") == 0
        }
        worker.stop()
        #expect(later.requests["CLAIM"]?.isEmpty == false && later.requests["DONE"]?.isEmpty == false)
    }

    @Test func `a worker of an earlier version, which says no more than version 1 began with, is served`() throws {
        try publish()
        let client = CommandClient(context: house.context, endpoints: [house.endpoint])
        func ask(_ command: String, _ json: String) throws -> JSONValue {
            try JSONReader.read(client.request(command, json: Array(json.utf8)).json)
        }
        // Without a name, versions, or what came later.
        let hello = try ask("HELLO", "{}")
        #expect(hello["version"]?.integerValue == 1)
        let stream = try #require(hello["stream"]?.stringValue)
        let reply = try client.request(
            "FETCH", json: Array(#"{"stream":"\#(stream)","epoch":1,"after":0,"max":10}"#.utf8))
        #expect(try FetchReply(reply).records.count == 5)
        _ = try ask("COMMIT", #"{"consumer":"old","after":5}"#)
        let claim = #"{"group":"old","owner":"w","create":{"from":"first"},"lease_ms":60000}"#
        let claimed = try FetchReply(client.request("CLAIM", json: Array(claim.utf8)))
        let seqs = claimed.records.map { "\($0.position.seq)" }.joined(separator: ",")
        _ = try ask("DONE", #"{"group":"old","owner":"w","seqs":[\#(seqs)]}"#)
        #expect(claimed.records.count == 5)
    }
}
