import Articles
import Foundation
import Messaging
import Testing

@testable import Status

/// The drop directories of the watchers on the page and in the API.
@Suite struct DirectoryTests {
    private let service: RunningStatus

    init() throws { service = try RunningStatus() }

    private func directory(_ path: String, _ change: (inout DirectoryStatus) -> Void = { _ in }) -> DirectoryStatus {
        var directory = DirectoryStatus(path: path, source: "desk")
        change(&directory)
        return directory
    }

    /// Sends the heartbeat of a watcher, as one does. Before the first look at the page, which is a fifth of a second old.
    private func beat(_ directories: [DirectoryStatus], name: String = "watch", pausedSince: Int64? = nil) throws {
        var heartbeat = Heartbeat(name: name, kind: "watch")
        heartbeat.directories = DirectoryList(directories, pausedSince: pausedSince)
        _ = try service.client().request("HEARTBEAT", json: heartbeat.json)
    }

    private func row(of path: String, in page: String) -> String? {
        page.split(separator: "<tr ").map(String.init).first { $0.contains("<bdi>\(path)</bdi>") }
    }

    @Test func `without a watcher there is no table, and the API has an empty list`() throws {
        #expect(try !service.get("/").text.contains("id=\"h-directories\""))
        let api = try service.get("/api/v1/directories").json()
        #expect(api["directories"] == .array([]))
        #expect(api["other_directories"]?["count"] == .integer(0))
    }

    @Test func `each directory tells what waits there, and the ones to look at come first`() throws {
        try beat([
            directory("/b") {
                $0.waiting = 1234
                $0.settling = 2
                $0.unaccompanied = 7
                $0.blocked = 3
                $0.quarantined = 4
                $0.left = 5
                $0.priority = -1
                $0.filesPerSecond = 12.5
                $0.oldestWaiting = 1_740_540_420_000
            },
            directory("/a") {
                $0.unreadable = 1
                $0.unreadableReason = "Permission denied"
            },
            directory("/paused") { $0.pausedSince = 1_740_540_420_000 },
            directory("/broken") { $0.trouble = "it is not there" },
        ])
        let page = try service.get("/").text
        #expect(page.contains("id=\"h-directories\""))
        let rows = try #require(try service.get("/api/v1/status").json()["directories"]?.arrayValue)
        #expect(rows.map { $0["path"]?.stringValue } == ["/broken", "/paused", "/a", "/b"])
        #expect(rows.map { $0["state"]?.stringValue } == ["trouble", "paused", "watched", "watched"])
        #expect(rows[0]["note"] == .string("it is not there"))
        #expect(rows[1]["paused_since"] == .string("2025-02-26T03:27:00Z"))
        #expect(rows[2]["note"] == .string("1 folder in it cannot be read: Permission denied"))
        #expect(rows[3]["waiting"] == .integer(1234) && rows[3]["in_quarantine"] == .integer(4))
        #expect(rows[3]["watcher"] == .string("watch"))
        let busy = try #require(row(of: "/b", in: page))
        #expect(busy.contains("<small><bdi>desk</bdi> · 12.5 files a second · 7 without their marker or checksum"))
        #expect(busy.contains(" · 5 left in place · priority −1</small>"))
        #expect(busy.contains("<td class=\"n\" data-name=\"Waiting\">1,234</td>"))
        #expect(busy.contains("<td class=\"n bad\" data-name=\"Blocked\">3</td>"))
        #expect(busy.contains(">2025-02-26</time></td>"))
        #expect(row(of: "/paused", in: page)?.contains("paused by the operator, <time datetime=\"2025-02-26") == true)
        #expect(
            row(of: "/broken", in: page)?.contains("<small class=\"bad\"><bdi>it is not there</bdi></small>") == true)
        // What is wrong stands among the troubles as well; a pause is none.
        #expect(page.contains("<bdi>nothing is taken from /broken: it is not there</bdi>"))
        #expect(try service.get("/api/v1/status").json()["troubles"]?.arrayValue?.count == 1)
        let processes = try service.get("/api/v1/status").json()["processes"]?.arrayValue
        let watcher = try #require(processes?.first { $0["name"] == .string("watch") })
        #expect(watcher["directories"] == nil)
    }

    @Test func `a pause of everything is said at the top and on every row, and is no trouble`() throws {
        try beat([directory("/a"), directory("/b")], pausedSince: 1_740_540_420_000)
        let page = try service.get("/").text
        #expect(
            page.contains(
                "<p id=\"health\" role=\"status\" class=\"held\">Nothing is lost, and nothing is stuck. "
                    + "The operator has paused the intake.</p>"))
        #expect(page.ranges(of: "<small class=\"held\">paused by the operator, ").count == 2)
        let api = try service.get("/api/v1/status").json()
        #expect(api["paused_since"] == .string("2025-02-26T03:27:00Z"))
        #expect(api["troubles"] == .array([]) && api["healthy"] == .boolean(true))
    }

    @Test func `of a thousand directories the page shows some, and the sum of the rest`() throws {
        try beat(
            (0..<1000).map { number in
                directory("/srv/\(number)") {
                    $0.waiting = 1
                    $0.trouble = number == 997 ? "gone" : nil
                }
            })
        let api = try service.get("/api/v1/status").json()
        let rows = try #require(api["directories"]?.arrayValue)
        #expect(rows.count == 20)
        #expect(rows.first?["path"] == .string("/srv/997"))
        #expect(api["other_directories"]?["count"] == .integer(980))
        #expect(api["other_directories"]?["waiting"] == .integer(980))
        let page = try service.get("/").text
        #expect(page.contains("and 980 more directories: 980 waiting</p>"))
        let all = try service.get("/api/v1/directories").json()
        let listed = all["directories"]?.arrayValue?.count ?? 0
        #expect(listed > 100)
        #expect(all["other_directories"]?["count"] == .integer(Int64(1000 - listed)))
    }

    @Test func `several watchers share the table`() throws {
        try beat([directory("/a"), directory("/c")], name: "east")
        try beat([directory("/b"), directory("/a")], name: "west")
        let rows = try service.get("/api/v1/directories").json()["directories"]?.arrayValue ?? []
        #expect(
            rows.map { "\($0["path"]?.stringValue ?? "") \($0["watcher"]?.stringValue ?? "")" } == [
                "/a east", "/a west", "/b west", "/c east",
            ])
    }

    @Test func `what an old heartbeat said is shown as old`() {
        let heartbeat: Heartbeat = {
            var heartbeat = Heartbeat(name: "watch", kind: "watch")
            heartbeat.directories = DirectoryList([directory("/a") { $0.trouble = "gone" }], pausedSince: nil)
            return heartbeat
        }()
        let process = StatusBoard.Process(heartbeat: heartbeat, age: .seconds(90), standstill: .zero)
        let (rows, _) = DropDirectoryRow.rows(of: [process])
        #expect(rows.map(\.state) == [.silent])
        #expect(rows[0].note == "nothing was heard of watch for 1 min")
    }

    @Test func `hostile names and sentences stay text`() throws {
        let script = "/in/<script>alert(1)</script><img src=x onerror=\"alert(2)\">"
        let override = "/in/safe\u{202e}gpj\u{2066}\u{1b}[31m\u{7}"
        try beat([
            directory(script) {
                $0.source = "<b>&'\""
                $0.trouble = script
            },
            directory(override) {
                $0.unreadable = 2; $0.unreadableReason = override
            },
        ])
        let page = try service.get("/")
        #expect(
            page.text.contains(
                "/in/&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;alert(2)&quot;&gt;"))
        for markup in ["<script>", "<img", "<b>", "\u{202e}", "\u{2066}"] { #expect(!page.text.contains(markup)) }
        #expect(!page.body.contains { $0 < 0x20 && $0 != 0x0a && $0 != 0x09 })
        let rows = try service.get("/api/v1/directories").json()["directories"]?.arrayValue
        #expect(rows?.compactMap { $0["path"]?.stringValue } == [script, override])
    }
}
