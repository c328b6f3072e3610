import Articles
import FoundationEssentials
import Glibc
import Ingestion
import Linux
import Messaging
import TestSupport
import Testing

/// Whatever is dropped: it ends in a defined outcome with a reason, and the watcher goes on.
@Suite struct BadInputTests {
    /// A file that gives no article.
    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The code of its outcome.
        let code: String
        /// More keys of the drop directory.
        var keys: [String] = []
        /// Its content; nil for a sparse file of 1 GiB and a byte.
        var content: [UInt8]?

        init(_ what: String, _ code: String, keys: [String] = [], _ content: [UInt8]?) {
            testDescription = what
            self.code = code
            self.keys = keys
            self.content = content
        }
    }

    static let refused = [
        Refused("empty", "empty", []),
        Refused("white space only", "empty", Array(" \n\t\r\n \u{a0}\n".utf8)),
        Refused("a byte order mark only", "empty", [0xef, 0xbb, 0xbf]),
        Refused("binary", "binary", [0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 500)),
        Refused(
            "invalid UTF-8, where the format is settled", "invalid_utf8", keys: ["format = \"native\""],
            Array("A headline\n\nThe caf".utf8) + [0xe9, 0x0a]),
        Refused("cut in a character", "invalid_utf8", Array("A headline\n\nThe café".utf8.dropLast())),
        Refused(
            "a byte too large", "too_large", keys: ["max_file_bytes = \"4KiB\""],
            Array("A headline\n\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 4085)),
        Refused("a byte more than 1 GiB", "too_large", nil),
        Refused(
            "an article too large", "too_large", keys: ["max_article_bytes = \"4KiB\""],
            Array("A headline\n\n".utf8) + [UInt8](repeating: UInt8(ascii: "a"), count: 4085)),
        Refused(
            "no headline", "no_headline",
            Array("2026-01-02 03:04:05\n\nAbstract: It begins with its date.\n\nAnd a paragraph.\n".utf8)),
        Refused("a format that is not known", "unknown_format", Array("<?xml version=\"1.0\"?><ledger/>".utf8)),
    ]

    /// Where the C library has its conversions.
    private static let conversions = ["x86_64", "aarch64"].map { (machine: String) -> String in
        "/usr/lib/\(machine)-linux-gnu/gconv"
    }
    .first { access($0, R_OK) == 0 }

    @Test(.enabled(if: PrivateMounts.arePossible && conversions != nil, "mounts of one's own take root"))
    func `a page in an encoding that the machine cannot convert says so, and is read when it can`() throws {
        try PrivateMounts.run {
            let dropwire = try Installation()
            let page =
                Array("<html><head><meta charset=\"shift_jis\"><title>".utf8) + [0x83, 0x8a, 0x83, 0x8a]
                + Array("</title></head><body><p>A paragraph of a page.</p></body></html>\n".utf8)
            try PrivateMounts.mountSmall(BadInputTests.conversions!, bytes: 1 << 16)
            let blind = try dropwire.startReady("watch")
            try dropwire.drop(page, as: "page.html")
            let record = try dropwire.fileRecord(of: "page.html")
            #expect(record.outcome == .quarantined && record.code == ReasonCode.unreadableEncoding.rawValue)
            try waitUntil("it is away") { dropwire.waiting.isEmpty }
            #expect(try dropwire.reason(of: "page.html").hint?.contains("install the conversions") == true)
            #expect(try blind.stop() == .exited(0))
            try PrivateMounts.unmount(BadInputTests.conversions!)
            let seeing = try dropwire.startReady("watch")
            try dropwire.drop(page, as: "again.html")
            #expect(try dropwire.fileRecord(of: "again.html").outcome == .published)
            #expect(try seeing.stop() == .exited(0))
        }
    }

    @Test(arguments: refused)
    func `what gives no article is quarantined with its reason`(bad: Refused) throws {
        let dropwire = try Installation(drop: bad.keys)
        let watch = try dropwire.startReady("watch")
        if let content = bad.content {
            // Old, or what looks cut off would be waited for.
            try dropwire.scratch.write(content, to: "drop/.bad.tmp")
            try dropwire.scratch.setModified("drop/.bad.tmp", seconds: 1_700_000_000)
            try dropwire.scratch.rename("drop/.bad.tmp", to: "drop/bad.txt")
        } else {
            try dropwire.scratch.write([], to: "drop/.bad.tmp")
            try #require(truncate(dropwire.scratch.path("drop/.bad.tmp"), 1 << 30 + 1) == 0)
            try dropwire.scratch.rename("drop/.bad.tmp", to: "drop/bad.txt")
        }
        let record = try dropwire.fileRecord(of: "bad.txt", within: .seconds(60))
        #expect(record.outcome == .quarantined)
        #expect(record.code == bad.code)
        #expect(record.message?.isEmpty == false)
        #expect(record.articles == 0)
        try waitUntil("it is quarantined") { dropwire.waiting.isEmpty }
        #expect(dropwire.scratch.list("drop/.quarantine") == ["bad.txt", "bad.txt.reason.json"])
        let reason = try dropwire.reason(of: "bad.txt")
        #expect(reason.code == bad.code)
        #expect(reason.path == "bad.txt")
        #expect(reason.message == record.message)
        if let content = bad.content { #expect(dropwire.scratch.read("drop/.quarantine/bad.txt") == content) }
        #expect(watch.errorOutput.contains("A file was quarantined."))
        try expectAlive(dropwire, watch, recordsBefore: 1)
    }

    // MARK: Names

    private static let names: [[UInt8]] = [
        Array("two\nlines.txt".utf8),
        Array("\"quoted\" and 'quoted' \\ with $(reboot) `reboot`.txt".utf8),
        Array("esc\u{1b}[31m.txt".utf8),
        [0x63, 0x61, 0x66, 0xe9, 0x2e, 0x74, 0x78, 0x74],
        [0xff, 0xfe, 0x0a, 0x22],
        Array("-rf".utf8),
        Array("日本語の名前.txt".utf8),
        [UInt8](repeating: UInt8(ascii: "n"), count: 255),
        [UInt8](repeating: 0xe9, count: 255),
    ]

    @Test(arguments: names)
    func `a name is what it is`(name: [UInt8]) throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        try dropwire.scratch.write(Array(Sample.article(1).utf8), to: Array("drop/".utf8) + name)
        let text = String(decoding: name, as: UTF8.self)
        let record = try dropwire.fileRecord(of: text)
        #expect(record.outcome == .published)
        let isUTF8 = String(validating: name, as: UTF8.self) != nil
        #expect(record.pathBytes == (isUTF8 ? nil : name.hexadecimal))
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        let day = try #require(dropwire.scratch.list("drop/.done").first)
        #expect(dropwire.scratch.names(in: "drop/.done/\(day)") == [name])
        try expectAlive(dropwire, watch, recordsBefore: 2)
    }

    @Test(arguments: names)
    func `a name survives the quarantine and its way back`(name: [UInt8]) throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        try dropwire.scratch.write([], to: Array("drop/".utf8) + name)
        let text = String(decoding: name, as: UTF8.self)
        _ = try dropwire.fileRecord(of: text)
        try waitUntil("it is quarantined") { dropwire.waiting.isEmpty }
        #expect(dropwire.scratch.names(in: "drop/.quarantine").contains(name))
        #expect(dropwire.scratch.names(in: "drop/.quarantine").count == 2)

        let list = try dropwire.run(["quarantine", "list"])
        #expect(list.ending == .exited(0))
        #expect(!list.output.contains("\u{1b}"))
        let lines = try dropwire.run(["quarantine", "list", "--json"])
        let files = lines.output.split(separator: "\n")
        try #require(files.count == 1)
        let listed = try JSONDecoder().decode(JSONValue.self, from: Data(files[0].utf8))
        #expect(listed["name"]?.stringValue == text)
        #expect(listed["code"]?.stringValue == "empty")
        #expect(listed["attempts"]?.integerValue == 1)

        // Repaired where it lies, and tried again by the name that the list shows.
        try dropwire.scratch.write(Array(Sample.article(2).utf8), to: Array("drop/.quarantine/".utf8) + name)
        let retry = try dropwire.run(["quarantine", "retry", "--", text])
        #expect(retry.ending == .exited(0), "\(retry.errorOutput)")
        _ = try dropwire.fileRecord("'\(text)' is published") { $0.path == text && $0.outcome == .published }
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        #expect(dropwire.scratch.names(in: "drop/.quarantine").isEmpty)
        try expectAlive(dropwire, watch, recordsBefore: 3)
    }

    @Test func `a retry of what is still wrong counts its attempts, and one of an unknown name fails`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        for name in ["a.txt", "b.txt"] {
            try dropwire.drop("", as: name)
            _ = try dropwire.fileRecord(of: name)
        }
        try waitUntil("both are quarantined") { dropwire.waiting.isEmpty }
        #expect(try dropwire.run(["quarantine", "retry", "--all"]).ending == .exited(0))
        try waitUntil("both are quarantined again") {
            try dropwire.records().compactMap(\.file).count == 4 && dropwire.waiting.isEmpty
        }
        #expect(try dropwire.reason(of: "a.txt").attempts == 2)
        #expect(try dropwire.reason(of: "b.txt").attempts == 2)
        let unknown = try dropwire.run(["quarantine", "retry", "c.txt"])
        #expect(unknown.ending == .exited(1))
        #expect(unknown.errorOutput.contains("c.txt"))
        try expectAlive(dropwire, watch, recordsBefore: 4)
    }

    // MARK: What is no file

    @Test func `what is no regular file is left alone and counted`() throws {
        let dropwire = try Installation()
        let scratch = dropwire.scratch
        try scratch.write(Sample.article(1), to: "elsewhere.txt")
        try #require(mkfifo(scratch.path("drop/pipe.txt"), 0o644) == 0)
        try #require(symlink(scratch.path("elsewhere.txt"), scratch.path("drop/link.txt")) == 0)
        try #require(symlink("/nowhere", scratch.path("drop/dangling.txt")) == 0)
        let listener = try ReadinessSocket(path: scratch.path("drop/socket.txt"))
        try scratch.makeDirectory("drop/a.txt")
        try scratch.write(Sample.article(2), to: "drop/a.txt/inner.txt")
        let status = try dropwire.startReady("status")
        let watch = try dropwire.startReady("watch")

        let inner = try dropwire.fileRecord(of: "a.txt/inner.txt")
        #expect(inner.outcome == .published)
        try waitUntil("the four are counted") {
            try dropwire.heartbeat(of: "watch")?.numbers["irregular"] == 4
        }
        #expect(dropwire.waiting == ["a.txt", "dangling.txt", "link.txt", "pipe.txt", "socket.txt"])
        #expect(scratch.read("elsewhere.txt") == Array(Sample.article(1).utf8))
        #expect(try dropwire.records().count == 2)
        // Said once each, however often it is scanned.
        let said = watch.errorOutput.split(separator: "\n").filter { $0.contains("no regular file") }
        #expect(said.count == 4)
        try expectAlive(dropwire, watch, recordsBefore: 2)
        #expect(try status.stop() == .exited(0))
        withExtendedLifetime(listener) {}
    }

    @Test(
        .enabled(if: OtherUser.isPossible, "permissions do not bind root, and there is no setpriv to be another user"))
    func `what may not be read stays, is counted, and comes out once it may`() throws {
        let dropwire = try Installation()
        try OtherUser.give(dropwire.scratch.path)
        let status = try dropwire.startReady("status", launcher: OtherUser.launcher)
        let watch = try dropwire.startReady("watch", launcher: OtherUser.launcher)
        try dropwire.scratch.write(Sample.article(1), to: "drop/.secret.tmp")
        try #require(chmod(dropwire.scratch.path("drop/.secret.tmp"), 0) == 0)
        try dropwire.scratch.rename("drop/.secret.tmp", to: "drop/secret.txt")
        try waitUntil("it is counted") { try dropwire.heartbeat(of: "watch")?.numbers["blocked"] == 1 }
        #expect(dropwire.waiting == ["secret.txt"])
        try waitUntil("it is told of") { watch.errorOutput.contains("secret.txt") }
        try dropwire.drop(Sample.article(2), as: "good.txt")
        #expect(try dropwire.fileRecord(of: "good.txt").outcome == .published)

        try #require(chmod(dropwire.scratch.path("drop/secret.txt"), 0o644) == 0)
        #expect(try dropwire.fileRecord(of: "secret.txt").outcome == .published)
        try expectAlive(dropwire, watch, recordsBefore: 4)
        #expect(try status.stop() == .exited(0))
    }

    // MARK: Duplicates

    @Test func `the same content again is a duplicate, and so after a restart`() throws {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(1), as: "one.txt")
        #expect(try dropwire.fileRecord(of: "one.txt").outcome == .published)
        try dropwire.drop(Sample.article(1), as: "two.txt")
        let second = try dropwire.fileRecord(of: "two.txt")
        #expect(second.outcome == .duplicate)
        #expect(second.duplicateOf == "one.txt")
        #expect(try first.stop() == .exited(0))
        let watch = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(1), as: "one.txt")
        _ = try dropwire.fileRecord("a third record of the content") {
            $0.path == "one.txt" && $0.outcome == .duplicate
        }
        try waitUntil("all are archived") { dropwire.waiting.isEmpty }
        #expect(dropwire.archive().count == 3)
        #expect(try dropwire.records().compactMap(\.article).count == 1)
        try expectAlive(dropwire, watch, recordsBefore: 4)
    }

    private func expectAlive(_ dropwire: Installation, _ watch: TestedProcess, recordsBefore count: Int) throws {
        try dropwire.drop(Sample.article(999_999), as: "alive.txt")
        #expect(try dropwire.fileRecord(of: "alive.txt").outcome == .published)
        #expect(try dropwire.records().count == count + 2)
        try waitUntil("the last file is archived") { !dropwire.waiting.contains("alive.txt") }
        #expect(try watch.stop() == .exited(0))
    }
}

extension [UInt8] {
    /// Two hexadecimal digits a byte.
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
