import Articles
import Messaging
import TestSupport
import Testing

@testable import Status

/// What the status service says of files and articles that wait for the end of their embargo.
@Suite struct HeldTests {
    private let scratch: ScratchDirectory
    private let store: ResultStore

    init() throws {
        scratch = try ScratchDirectory()
        store = try ResultStore(path: scratch.path("status.sqlite"))
    }

    private func held(_ path: String, bad: Int = 0) -> [UInt8] {
        var record = file(path, .held, code: .embargoed)
        record.held = 1
        record.failedParts = bad
        record.inQuarantine = bad > 0 ? bad : nil
        return record.encodeRecord()
    }

    private func closing(_ path: String, _ outcome: FileOutcome, heldSeq: UInt64, bad: Int = 0) -> [UInt8] {
        var record = file(path, outcome, seq: 7)
        record.heldSeq = heldSeq
        record.failedParts = bad
        record.inQuarantine = bad > 0 ? bad : nil
        return record.encodeRecord()
    }

    @Test func `a held file is one file, which ends as something else`() throws {
        try store.follow([held("a"), held("b")])
        #expect(try store.reader.totals().files == ["held": 2])
        try store.follow([closing("a", .published, heldSeq: 1)], from: 3)
        #expect(try store.reader.totals().files == ["held": 1, "published": 1])
        // A log is read again from where the cursor is: nothing is counted twice.
        try store.follow([closing("a", .published, heldSeq: 1)], from: 3)
        #expect(try store.reader.totals().files == ["held": 1, "published": 1])
        #expect(try store.reader.files(path: "a").count == 2)
    }

    @Test func `the end of an embargo brings no part back to the quarantine's list`() throws {
        try store.follow([held("a", bad: 1)])
        #expect(try store.reader.quarantineCount() == 1)
        try store.follow([file("a#2", .published, seq: 2).encodeRecord()], from: 2)
        #expect(try store.reader.quarantineCount() == 0)
        try store.follow([closing("a", .partial, heldSeq: 1, bad: 1)], from: 3)
        #expect(try store.reader.quarantineCount() == 0)
    }

    @Test func `the page and the API say how many articles are held and until when`() throws {
        let service = try RunningStatus()
        #expect(try !RunningStatus().get("/").text.contains("id=\"held\""))
        var heartbeat = Heartbeat(name: "watch", kind: "watch")
        heartbeat.numbers = ["held": 2, "next_release_ms": 1_740_540_420_000]
        _ = try service.client().request("HEARTBEAT", json: heartbeat.json)
        let page = try service.get("/").text
        #expect(
            page.contains(
                "id=\"held\">2 articles are held until their embargo ends; the next release is at 2025-02-26 03:27:00 UTC</p>"
            ))
        let held = try service.get("/api/v1/status").json()["held"]
        #expect(held == .object(["count": .integer(2), "next_release": .string("2025-02-26T03:27:00Z")]))
    }
}
