import Articles
import FoundationEssentials
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// The tools against running processes, as a person or a script uses them.
@Suite struct ToolTests {
    @Test func `an article is followed from its file to its results with tools alone`() throws {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        try dropwire.scratch.write(Sample.article(11), to: "mine.txt")

        let submit = try dropwire.run(["submit", dropwire.scratch.path("mine.txt")])
        #expect(submit.ending == .exited(0), "\(submit.errorOutput)")
        #expect(submit.output == "\(dropwire.dropPath)/mine.txt\n")
        #expect(dropwire.scratch.exists("mine.txt"))

        let tail = try dropwire.run(["tail", "--from", "1", "--count", "2", "--json"])
        #expect(tail.ending == .exited(0), "\(tail.errorOutput)")
        let records = try dropwire.records()
        #expect(tail.output == records.map { String(decoding: $0.bytes, as: UTF8.self) + "\n" }.joined())
        let id = try #require(records[0].article?.id.description)
        let titles = try dropwire.run(["tail", "--from", "1", "--count", "1", "--topic", "art/"])
        #expect(titles.output.contains(Sample.title(11)))

        try waitUntil("every worker is done with it") {
            let why = try dropwire.run(["why", "--json", "mine.txt"])
            return try JSONValue.read(why.output)["articles"]?.arrayValue?.first?["results"]?.arrayValue?.count == 3
        }
        let why = try dropwire.run(["why", id])
        #expect(why.ending == .exited(0))
        for word in ["mine.txt", "published", "deduplicate", "index", "summarize", "unique"] {
            #expect(why.output.contains(word))
        }
        let search = try dropwire.run(["search", "\"quay 11\""])
        #expect(search.ending == .exited(0), "\(search.errorOutput)")
        #expect(search.output.contains(Sample.title(11)))
        let show = try dropwire.run(["show", "--json", id])
        #expect(show.ending == .exited(0), "\(show.errorOutput)")
        #expect(show.output.split(separator: "\n").count == 1)
        #expect(try JSONValue.read(show.output)["title"] == .string(Sample.title(11)))

        let status = try dropwire.run(["status", "--json"])
        #expect(status.ending == .exited(0), "\(status.errorOutput)")
        let numbers = try JSONValue.read(status.output)
        #expect(numbers["articles"] == .integer(1))
        #expect(Set(numbers["processes"]?.arrayValue?.compactMap { $0["kind"]?.stringValue } ?? []).count == 5)
        let table = try dropwire.run(["status"])
        #expect(table.output.contains("1 published"))

        for name in ["mine.txt", id] {
            let original = try dropwire.run(["original", name])
            #expect(original.ending == .exited(0), "\(original.errorOutput)")
            #expect(original.output == Sample.article(11))
        }
        let place = try dropwire.run(["original", "--path", id])
        #expect(place.output.hasPrefix("\(dropwire.dropPath)/.done/"))

        for unknown in [
            ["why", "nothing.txt"], ["original", "nothing.txt"], ["show", String(repeating: "0", count: 32)],
        ] {
            let process = try dropwire.run(unknown)
            #expect(process.ending == .exited(1))
            #expect(!process.errorOutput.isEmpty)
        }
        #expect(try crew.stopAll() == [])
    }

    @Test func `tail goes on where it was after the watcher was away`() throws {
        let dropwire = try Installation()
        let first = try dropwire.startReady("watch")
        let tail = try TestedProcess([
            "tail", "--config", dropwire.configurationPath, "--from", "1", "--topic", "art/", "--json",
        ])
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("the first is printed") { tail.output.contains(Sample.title(1)) }
        try first.kill()
        let second = try dropwire.startReady("watch")
        for number in 2...30 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("the last is printed") { tail.output.split(separator: "\n").count >= 30 }
        let titles = try tail.output.split(separator: "\n").map { try JSONValue.read($0)["title"]?.stringValue }
        #expect(Set(titles) == Set((1...30).map(Sample.title)))
        #expect(titles.count == 30)
        try tail.kill()
        #expect(try second.stop() == .exited(0))
    }

    @Test func `parse prints a record a line, and its exit code says whether all parsed`() throws {
        let scratch = try ScratchDirectory()
        for number in 0..<3 { try scratch.write(Sample.article(number), to: "\(number).txt") }
        try scratch.write([0, 1, 2, 3], to: "bad.txt")
        let schema = try RecordSchema.ofRepository()
        let good = try BuiltProgram.run(["parse", "--json"] + (0..<3).map { scratch.path("\($0).txt") })
        #expect(good.ending == .exited(0), "\(good.errorOutput)")
        let lines = good.output.split(separator: "\n")
        #expect(try lines.map { try JSONValue.read($0)["title"]?.stringValue } == (0..<3).map(Sample.title))
        for line in lines { #expect(try schema.faults(Array(line.utf8)) == []) }

        let mixed = try BuiltProgram.run(["parse", "--json", scratch.path("bad.txt"), scratch.path("1.txt")])
        #expect(mixed.ending == .exited(1))
        #expect(mixed.errorOutput.contains("bad.txt"))
        #expect(mixed.output.contains(Sample.title(1)))
        let missing = try BuiltProgram.run(["parse", scratch.path("nowhere.txt")])
        #expect(missing.ending == .exited(1))
        #expect(missing.errorOutput.contains("nowhere.txt"))
    }

    @Test func `parse explains what a file and its members are read as`() throws {
        let scratch = try ScratchDirectory()
        var tar = SampleTar()
        tar.add("a.txt", Sample.article(1))
        tar.add("b.json", #"{"uri": "urn:x:1", "headline": "A headline", "body_text": "Words."}"#)
        try scratch.write(SampleGzip.compress(tar.ended), to: "mixed.tar.gz")

        let told = try BuiltProgram.run(["parse", "--explain", scratch.path("mixed.tar.gz")])
        #expect(told.ending == .exited(0), "\(told.errorOutput)")
        let lines = told.output.split(separator: "\n")
        #expect(
            lines.prefix(3) == [
                "file       \(scratch.path("mixed.tar.gz"))",
                "container  gzip, since it begins with the signature of gzip",
                "container  tar, since it begins with the header of a tar's member",
            ])
        let text = try #require(lines.dropFirst(3).first)
        #expect(text.hasPrefix("format     a.txt: native, since it is neither markup nor JSON (not html, feed, "))
        #expect(text.contains("json, ") && text.hasSuffix(", which were asked before)"))
        #expect(lines.contains { $0.hasPrefix("format     b.json: json, since it begins with an object (not html, ") })
        #expect(lines.contains("dialect    b.json: ninjs, since it has a uri and members of ninjs"))

        let objects = try BuiltProgram.run(["parse", "--explain", "--json", scratch.path("mixed.tar.gz")]).output
            .split(separator: "\n").map { try JSONValue.read($0) }
        #expect(objects.map { $0["type"]?.stringValue }.filter { $0 == "article" }.count == 2)
        let dialect = try #require(objects.first { $0["subject"]?.stringValue == "dialect" })
        #expect(dialect["name"] == .string("ninjs"))
        #expect(dialect["member"] == .string("b.json"))

        let forced = try BuiltProgram.run(["parse", "--explain", "--format", "native", scratch.path("mixed.tar.gz")])
        #expect(forced.output.contains("a.txt: native, since it is the format that was asked for\n"))
    }

    @Test func `parse shows the members of a container, good and bad`() throws {
        let scratch = try ScratchDirectory()
        var tar = SampleTar()
        tar.add("first.txt", Sample.article(1))
        tar.add("empty.txt", "")
        tar.add("folder/last.txt", Sample.article(2))
        try scratch.write(SampleGzip.compress(tar.ended), to: "mixed.tar.gz")
        try scratch.write(SampleGzip.compress(Array(Sample.article(3).utf8)), to: "good.txt.gz")
        try scratch.write(Array(SampleGzip.compress(tar.ended).dropLast(20)), to: "cut.tar.gz")
        let schema = try RecordSchema.ofRepository()

        let mixed = try BuiltProgram.run(["parse", "--json", scratch.path("mixed.tar.gz")])
        #expect(mixed.ending == .exited(1))
        #expect(mixed.errorOutput.contains("'empty.txt': parse as native: there is no text in the file"))
        let lines = mixed.output.split(separator: "\n")
        #expect(
            try lines.map { try JSONValue.read($0)["ingest"]?["member"] } == [
                .string("first.txt"), .string("folder/last.txt"),
            ])
        for line in lines { #expect(try schema.faults(Array(line.utf8)) == []) }

        let good = try BuiltProgram.run(["parse", scratch.path("good.txt.gz")])
        #expect(good.ending == .exited(0), "\(good.errorOutput)")
        #expect(good.output.hasPrefix("member     good.txt\ntitle      \(Sample.title(3))\n"))
        let cut = try BuiltProgram.run(["parse", scratch.path("cut.tar.gz")])
        #expect(cut.ending == .exited(1))
        #expect(cut.errorOutput.contains("parse as gzip: byte"))
    }

    @Test func `submit takes standard input, many files, and no half ones`() throws {
        let dropwire = try Installation(drop: ["max_file_bytes = \"4KiB\""])
        let scratch = dropwire.scratch
        try scratch.write([UInt8](repeating: UInt8(ascii: "x"), count: 5000), to: "large.txt")
        try scratch.write(Sample.article(1), to: "one.txt")
        let process = try dropwire.run(
            ["submit", scratch.path("large.txt"), scratch.path("one.txt"), scratch.path("nowhere.txt")])
        #expect(process.ending == .exited(1))
        #expect(process.output == "\(dropwire.dropPath)/one.txt\n")
        #expect(process.errorOutput.contains("large.txt"))
        #expect(process.errorOutput.contains("nowhere.txt"))
        // Neither a file nor a temporary one of what failed.
        #expect(scratch.list("drop") == ["one.txt"])
        #expect(try dropwire.run(["submit", "-"]).ending == .exited(64))
        // A name that is taken is not written over.
        #expect(try dropwire.run(["submit", scratch.path("one.txt")]).ending == .exited(1))
        #expect(scratch.read("drop/one.txt") == Array(Sample.article(1).utf8))
        #expect(scratch.list("drop") == ["one.txt"])
    }

    @Test func `check-config names the files and says that all is well, or what is not`() throws {
        let dropwire = try Installation()
        let scratch = dropwire.scratch
        try scratch.makeDirectory("conf.d")
        try scratch.write("[watch]\nmax_log_bytes = \"1GiB\"\n", to: "conf.d/size.toml")
        let process = try dropwire.run(["check-config"])
        #expect(process.ending == .exited(0), "\(process.errorOutput)")
        #expect(
            process.output == """
                read \(scratch.path("dropwire.toml"))
                read \(scratch.path("conf.d/size.toml"))
                fine: 1 drop directory

                """)
        let effective = try dropwire.run(["check-config", "--effective"])
        #expect(effective.output.contains(/max_log_bytes = "1GiB" +# \/.*\/conf\.d\/size\.toml:2:17\n/))
        #expect(effective.output.contains(/ring_bytes = "8MiB" +# default\n/))

        try scratch.write("[watch]\nmax_log_bites = \"1GiB\"\n", to: "conf.d/size.toml")
        #expect(try dropwire.run(["check-config", "--effective"]).ending == .exited(78))
        let json = try dropwire.run(["check-config", "--json"])
        #expect(json.ending == .exited(78))
        let told = try JSONValue.read(json.output)
        #expect(told["files"]?.arrayValue?.count == 2)
        let problem = try #require(told["problems"]?.arrayValue?.first)
        #expect(problem["file"] == .string(scratch.path("conf.d/size.toml")))
        #expect(problem["line"] == .integer(2) && problem["column"] == .integer(1))
    }

    @Test func `without the processes a tool says who is missing`() throws {
        let dropwire = try Installation()
        let process = try dropwire.run(["status"])
        #expect(process.ending == .exited(1))
        #expect(process.errorOutput.contains("status/report.sock"))
    }
}

extension JSONValue {
    /// Reads a text.
    static func read(_ text: some StringProtocol) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }
}
