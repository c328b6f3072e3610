import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// Embargoed articles in the built program: nobody sees them before their time, and everybody then.
@Suite struct HeldArticleTests {
    /// Stands in every word of a held article, and nowhere else.
    private static let marker = "zanzibarite"

    private static func ninjs(_ uri: String, until: Timestamp?, version: Int = 1, status: String = "usable") -> String {
        let embargo = until.map { #""embargoed": "\#($0)", "# } ?? ""
        return """
            {"uri": "\(uri)", "version": "\(version)", "pubstatus": "\(status)", \(embargo)"type": "text",
             "language": "en", "headline": "\(marker) headline \(version)", "byline": "\(marker) byline",
             "description_text": "\(marker) abstract.", "slugline": "\(marker)-slug",
             "body_text": "The \(marker) words of heliotrope gardens, for nobody yet."}
            """
    }

    private static func inSeconds(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: Clocks.wallMilliseconds() + seconds * 1000)
    }

    private func outcomes(_ dropwire: Installation) throws -> [String] {
        try dropwire.records().compactMap(\.file).map { "\($0.path) \($0.outcome)" }
    }

    private func titles(_ dropwire: Installation) throws -> [String] {
        try dropwire.records().compactMap(\.article?.title)
    }

    /// The ids that `dropwire held list` shows.
    private func held(_ dropwire: Installation) throws -> [String] {
        let list = try dropwire.run(["held", "list", "--json"])
        #expect(list.ending == .exited(0), "\(list.errorOutput)")
        return try list.output.split(separator: "\n").compactMap {
            try JSONDecoder().decode(JSONValue.self, from: Data($0.utf8))["id"]?.stringValue
        }
    }

    // MARK: Nowhere before its time

    @Test
    func `a held article is on no feed, page, search, tool, log or database before its release, and on all behind it`()
        throws
    {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        try dropwire.drop(Self.ninjs("urn:secret", until: Self.inSeconds(86_400 * 365)), as: "secret.json")
        try dropwire.drop(Sample.article(1), as: "open.txt")
        #expect(try dropwire.fileRecord(of: "secret.json").outcome == .held)
        try waitUntil("every worker is done with the other article", within: .seconds(60)) {
            let why = try dropwire.run(["why", "--json", "open.txt"]).output
            return try JSONDecoder().decode(JSONValue.self, from: Data(why.utf8))["articles"]?.arrayValue?.first?[
                "results"]?.arrayValue?.count == 3
        }
        try waitUntil("the status service knows of it") {
            try dropwire.heartbeat(of: "watch")?.numbers["held"] == 1
        }
        let id = try #require(try held(dropwire).first)
        for (place, text) in try places(dropwire, crew, id) {
            #expect(!text.contains(Self.marker), "it is visible in \(place)")
        }
        let page = try get("/", dropwire)
        #expect(page.contains("1 article is held until its embargo ends; the next release is at "))
        #expect(try dropwire.run(["status"]).output.contains("1 held, the next one until "))
        #expect(try dropwire.run(["why", "secret.json"]).output.contains("an article is held"))
        #expect(try dropwire.run(["why", id]).output.contains("held until "))

        let release = try dropwire.run(["held", "release", id])
        #expect(release.ending == .exited(0) && release.output == "released: \(id)\n", "\(release.errorOutput)")
        try waitUntil("it is found", within: .seconds(60)) {
            try get("/search?q=heliotrope", dropwire).contains(Self.marker)
                && get("/", dropwire).contains(Self.marker)
                && dropwire.records(of: "deduplicate").contains { $0.article?.title?.contains(Self.marker) == true }
        }
        // The same looks see it now, or they would have looked where nothing is.
        let visible = try places(dropwire, crew, id).filter { $0.text.contains(Self.marker) }.map(\.place)
        for place in [
            "stream of watch", "stream of deduplicate", "/", "/api/v1/status", "/api/v1/articles",
            "/api/v1/articles/\(id)", "/articles/\(id)", "/api/v1/search?q=heliotrope", "why \(id)", "tail",
            "search heliotrope", "show \(id)", "files of index",
        ] {
            #expect(visible.contains(place), "it is not visible in \(place)")
        }
        #expect(
            try outcomes(dropwire).filter { $0.hasPrefix("secret") } == ["secret.json held", "secret.json published"])
        #expect(try crew.stopAll() == [])
    }

    /// Everything that anybody may look at, and every file but the database in which it is held and the file that was
    /// dropped.
    private func places(_ dropwire: Installation, _ crew: Crew, _ id: String) throws -> [(place: String, text: String)]
    {
        var places: [(place: String, text: String)] = []
        for stream in ["watch", "deduplicate", "status"] {
            let records = try dropwire.records(of: stream)
            #expect(!records.isEmpty)
            places.append(("stream of \(stream)", text(records.flatMap(\.bytes))))
        }
        for path in [
            "/", "/api/v1/status", "/api/v1/articles", "/api/v1/articles/\(id)", "/articles/\(id)",
            "/api/v1/directories", "/search?q=heliotrope", "/api/v1/search?q=heliotrope", "/api/v1/quarantine",
            "/api/v1/why?what=secret.json", "/api/v1/why?what=\(id)", "/healthz",
        ] { places.append((path, try get(path, dropwire))) }
        for tool in [
            ["held", "list"], ["held", "list", "--json"], ["status"], ["status", "--json"], ["why", "secret.json"],
            ["why", id], ["why", "--json", id], ["search", "heliotrope"], ["show", id], ["quarantine", "list"],
            ["tail", "--from", "1", "--count", "\(try dropwire.records().count)", "--json"],
        ] {
            let process = try dropwire.run(tool)
            places.append(
                (tool[0] == "tail" ? "tail" : tool.joined(separator: " "), process.output + process.errorOutput))
        }
        places.append(("logs", crew.report))
        let own = ["", "-wal", "-shm"].map { "watch/log.sqlite\($0)" }
        for role in dropwire.scratch.list("state") {
            var bytes: [UInt8] = []
            for name in dropwire.scratch.list("state/\(role)") where !own.contains("\(role)/\(name)") {
                bytes += dropwire.scratch.read("state/\(role)/\(name)") ?? []
            }
            if role == "index" { bytes += try dropwire.archivedRecords().flatMap(\.record) }
            places.append(("files of \(role)", text(bytes)))
        }
        return places
    }

    /// The latin letters of bytes, whatever they are.
    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : 0x20 }, as: UTF8.self)
    }

    /// Asks the status service's page.
    private func get(_ path: String, _ dropwire: Installation) throws -> String {
        var endpoint = ""
        try waitUntil("the status service says where its page is") {
            endpoint = try dropwire.heartbeat(of: "status")?.endpoints["http"]?.first ?? ""
            return !endpoint.isEmpty
        }
        let port = try #require(UInt16(endpoint.split(separator: ":").last.map { $0.filter(\.isNumber) } ?? ""))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafeBytes(of: &address) { bytes in
            connect(
                descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(MemoryLayout<sockaddr_in>.size))
        }
        guard result == 0 else { throw Trouble("the page is not served at '\(endpoint)'") }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        _ = request.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 { bytes += buffer[..<count] }
        guard bytes.starts(with: "HTTP/1.1 ".utf8) else { throw Trouble("no reply to GET \(path)") }
        return text(bytes)
    }

    // MARK: Release

    /// Starts a watcher whose clock can be set.
    private func startWatch(_ dropwire: Installation, environment: [String] = []) throws -> TestedProcess {
        if !dropwire.scratch.exists("faults") { try dropwire.scratch.write("\n", to: "faults") }
        return try dropwire.startReady(
            "watch",
            launcher: [
                "/usr/bin/env", "LD_PRELOAD=\(BuiltProgram.folder)/libFaultInjection.so",
                "DROPWIRE_FAULTS=\(dropwire.scratch.path("faults"))",
                "DROPWIRE_FAULT_HITS=\(dropwire.scratch.path("hits"))",
            ] + environment)
    }

    /// Sets the watchers' clock so many seconds before or behind the true time.
    private func setClock(_ seconds: Int, _ dropwire: Installation) throws {
        // In a moment, so that every thread has read it before it holds; the earlier steps stay.
        let from = (Clocks.wallMilliseconds() + 200) * 1_000_000
        let steps = String(decoding: dropwire.scratch.read("faults") ?? [], as: UTF8.self)
        try dropwire.scratch.write("\(steps)clock \(from) \(seconds * 1000)\n", to: "faults.new")
        try dropwire.scratch.rename("faults.new", to: "faults")
    }

    @Test func `what is overdue at the start is released then, once, and what is due while it runs in its time`() throws
    {
        let dropwire = try Installation()
        let first = try startWatch(dropwire)
        try dropwire.drop(Self.ninjs("urn:soon", until: Self.inSeconds(600)), as: "soon.json")
        try dropwire.drop(Self.ninjs("urn:later", until: Self.inSeconds(7200), version: 2), as: "later.json")
        for name in ["soon.json", "later.json"] { #expect(try dropwire.fileRecord(of: name).outcome == .held) }
        #expect(try first.kill() == .killed(signal: SIGKILL))
        try setClock(3600, dropwire)
        let second = try startWatch(dropwire)
        try waitUntil("it is released") { try titles(dropwire) == ["\(Self.marker) headline 1"] }
        // Long enough that it is read before.
        let due = Self.inSeconds(3600 + 8)
        try dropwire.drop(Self.ninjs("urn:due", until: due, version: 3), as: "due.json")
        #expect(try dropwire.fileRecord(of: "due.json").outcome == .held)
        try waitUntil("the next is released", within: .seconds(30)) { try titles(dropwire).count == 2 }
        let entry = try #require(try dropwire.records().last { $0.article != nil })
        #expect(entry.position.timeMilliseconds >= due.milliseconds)
        #expect(try held(dropwire).count == 1)
        #expect(try second.stop() == .exited(0))
    }

    @Test func `a clock that is set forward releases, and one that is set back takes nothing back and loses nothing`()
        throws
    {
        let dropwire = try Installation()
        let watch = try startWatch(dropwire)
        try dropwire.drop(Self.ninjs("urn:a", until: Self.inSeconds(3000)), as: "a.json")
        try dropwire.drop(Self.ninjs("urn:b", until: Self.inSeconds(9000), version: 2), as: "b.json")
        for name in ["a.json", "b.json"] { #expect(try dropwire.fileRecord(of: name).outcome == .held) }
        try setClock(3600, dropwire)
        try waitUntil("it is released") { try titles(dropwire) == ["\(Self.marker) headline 1"] }
        try setClock(-86_400, dropwire)
        try dropwire.drop(Sample.article(1), as: "c.txt")
        #expect(try dropwire.fileRecord(of: "c.txt").outcome == .published)
        #expect(try held(dropwire).count == 1)
        try setClock(10_000, dropwire)
        try waitUntil("the other is released") { try titles(dropwire).last == "\(Self.marker) headline 2" }
        #expect(try titles(dropwire).count == 3)
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: ["beforeCommit:2", "afterCommit:2", "afterPublish:2"])
    func `SIGKILL in the middle of a release loses nothing and publishes nothing twice`(place: String) throws {
        let dropwire = try Installation()
        let watch = try startWatch(dropwire, environment: ["DROPWIRE_KILL_AT=\(place)"])
        let due = Self.inSeconds(3000)
        // In one file, so that it is one transaction that holds them, and the second is the one that releases them.
        let lines = (1...20).map {
            Self.ninjs("urn:\($0)", until: due, version: $0).replacing("\n", with: " ")
        }
        try dropwire.drop(lines.joined(separator: "\n"), as: "all.ndjson")
        #expect(try dropwire.fileRecord(of: "all.ndjson").outcome == .held)
        try setClock(3600, dropwire)
        #expect(try watch.waitUntilEnded() == .killed(signal: SIGKILL))
        let next = try startWatch(dropwire)
        _ = try dropwire.fileRecord("the file ends as published") { $0.outcome == .published }
        #expect(try titles(dropwire) == (1...20).map { "\(Self.marker) headline \($0)" })
        #expect(try outcomes(dropwire) == ["all.ndjson held", "all.ndjson published"])
        #expect(try held(dropwire).isEmpty)
        #expect(try next.stop() == .exited(0))
    }

    @Test func `a kill and a later version take the place of what is held`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let later = Self.inSeconds(3600)
        for uri in ["urn:killed", "urn:replaced"] {
            let name = "\(uri.dropFirst(4)).json"
            try dropwire.drop(Self.ninjs(uri, until: later), as: name)
            #expect(try dropwire.fileRecord(of: name).outcome == .held)
        }
        try dropwire.drop(Self.ninjs("urn:killed", until: nil, version: 2, status: "canceled"), as: "kill.json")
        try dropwire.drop(Self.ninjs("urn:replaced", until: nil, version: 2), as: "two.json")
        for name in ["kill.json", "two.json"] { #expect(try dropwire.fileRecord(of: name).outcome == .published) }
        #expect(try titles(dropwire) == ["\(Self.marker) headline 2"])
        #expect(try held(dropwire).isEmpty)
        let ends = try dropwire.records().compactMap(\.file).filter { $0.heldSeq != nil }
        #expect(
            Set(ends.map { "\($0.path) \($0.outcome) \($0.code)" }) == [
                "killed.json ignored withdrawn", "replaced.json ignored superseded",
            ])
        let all = try dropwire.run(["held", "release", "--all"])
        #expect(all.ending == .exited(0) && all.output.isEmpty)
        #expect(try watch.stop() == .exited(0))
    }

    // MARK: Tools

    @Test func `a file that is parsed says that its article would be held`() throws {
        let dropwire = try Installation()
        try dropwire.scratch.write(Self.ninjs("urn:a", until: Timestamp("2099-01-01T00:00:00Z")), to: "a.json")
        let parse = try BuiltProgram.run(["parse", dropwire.scratch.path("a.json")])
        #expect(parse.output.contains("embargo    until 2099-01-01T00:00:00Z: it would be held until then\n"))
    }

    @Test func `an id that nothing has is not held`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        let unknown = String(repeating: "0", count: 32)
        let release = try dropwire.run(["held", "release", unknown])
        #expect(release.ending == .exited(1) && release.errorOutput == "not held: \(unknown)\n")
        let list = try dropwire.run(["held", "list"])
        #expect(list.ending == .exited(0) && list.output.isEmpty && list.errorOutput == "nothing is held\n")
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: [
        ["held"], ["held", "show"], ["held", "list", "a"], ["held", "release"], ["held", "release", "secret.json"],
        ["held", "release", "--all", String(repeating: "0", count: 32)], ["held", "list", "--all"],
    ])
    func `what cannot be meant is refused`(arguments: [String]) throws {
        let refused = try Installation().run(arguments)
        #expect(refused.ending == .exited(64))
        #expect(refused.errorOutput.contains("held --help"))
    }
}
