import Articles
import FoundationEssentials
import Messaging
import TestSupport

@testable import Status

/// A status service that has something to say of everything that it exports, some of it hostile.
final class WellKnownStatus {
    let service: RunningStatus
    private let scratch: ScratchDirectory

    init() throws {
        let scratch = try ScratchDirectory()
        self.scratch = scratch
        try makeCertificate(in: scratch)
        service = try RunningStatus { settings in
            settings.configuration.https = [HTTPAddress(host: "127.0.0.1", port: 0)]
            settings.configuration.certificate = scratch.path("certificate.pem")
            settings.configuration.key = scratch.path("key.pem")
        }
        try service.publish(
            [article("One"), article("Two", path: "b.txt", source: "dpa")],
            files: [
                file("a.txt", seq: 1), file("held.txt", .held),
                file("bad.txt", .quarantined, code: .noHeadline, message: "it has no headline"),
            ])
        var rows = [result(1), result(2, .failed, data: ["reason": .string("no <place>")])]
        for index in rows.indices { rows[index].stream = service.log.stream.description }
        _ = try service.report(rows)
        try note(WellKnownStatus.watcher(service.log.stream.description))
        try note(WellKnownStatus.worker)
        // Then it has looked for a minute.
        try waitUntil("the service has looked at sources and databases") { [board = service.board] in
            board.sources().shown.count == 2 && !board.storage.isEmpty
        }
        var sources = SourceList([WellKnownStatus.source])
        sources.others = 4
        service.board.setSources(sources)
        service.board.setStorage([WellKnownStatus.storage], at: 0)
    }

    private static var source: SourceStanding {
        var source = SourceStanding(
            number: 1, source: "\"a\"\n", hours: [], days: [], lastHour: 0, lastDay: 5,
            last: Timestamp(milliseconds: 1_700_000_000_500))
        source.usualGapSeconds = 60
        source.quietSince = Timestamp(milliseconds: 1_700_000_600_000)
        return source
    }

    private static var storage: StorageStanding {
        StorageStanding(
            name: "store", path: "/s", bytes: 1, limit: 2, free: 3, fileSystem: 4,
            oldest: Timestamp(milliseconds: 5000), retentionSeconds: 6, bytesPerDay: 86_400,
            fullAt: Timestamp(milliseconds: 1_900_000_000_000))
    }

    /// A heartbeat as it comes over the wire.
    func note(_ json: String) throws {
        service.board.note(try JSONDecoder().decode(Heartbeat.self, from: Data(json.utf8)))
    }

    /// It lists everything twice: a series must not be there twice.
    private static func watcher(_ stream: String) -> String {
        let directory = #"""
            {"path":"/srv/\"drop\"\\\n","source":"agency","waiting":3,"settling":1,"unaccompanied":0,"blocked":0,"left":0,
            "in_quarantine":2,"archive_removed":1,"unreadable":1,"priority":0,"files_per_second":1.5,"bytes_per_second":10,
            "oldest_waiting_ms":1700000000250,"trouble":"it cannot be read"}
            """#
        let consumer = #"""
            {"consumer":"mine \"1\"\n","after":1,"lag":2,"lag_ms":1500,"seen_ms":1,"holds":true,"lost":4}
            """#
        let group = #"""
            {"group":"geo","paused":false,"floor":0,"high":2,"lag":2,"lag_ms":2500,"inflight":1,"dead_count":2,
            "owner_count":1,"seen_ms":1,"holds":true}
            """#
        let log = """
            {"name":"articles","stream":"\(stream)","low":1,"head":2,"bytes":4096,"limit_bytes":8192,
            "consumers":[\(consumer),\(consumer)],"groups":[\(group),\(group)],"others":3}
            """
        return """
            {"name":"watch","kind":"watch","host":"paris","version":"1.2\\"","pid":1,"uptime_s":60,"rss":1000,"lag":0,
            "streams":[],"endpoints":{},"numbers":{"in_hand":1,"held":1,"next_release_ms":1800000000500},
            "state":"watching","directories":{"listed":[\(directory),\(directory)],"others":{"count":2,"waiting":5,
            "settling":0,"blocked":0,"left":0,"in_quarantine":0,"troubled":0,"paused":0}},"logs":[\(log),\(log)]}
            """
    }

    private static let worker = #"""
        {"name":"index\n\"x\"","kind":"index","host":"paris","version":"1","pid":2,"uptime_s":60,"rss":1000,"lag":9,
        "streams":[],"endpoints":{},"numbers":{"done":7,"failed":1,"outbox":2,"retrying":1,"dead":1,"x y{\"":1},
        "trouble":"something"}
        """#

    /// What `/metrics` says after some requests.
    func metrics() throws -> String {
        _ = try service.get("/api/v1/status")
        _ = try service.get("/nothing")
        return try service.get("/metrics").text
    }
}
