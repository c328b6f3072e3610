import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// `dropwire export` against a running index.
@Suite struct ExportToolTests {
    @Test func `the archive leaves as it came, to standard output, a file or a directory`() throws {
        let dropwire = try Installation()
        let crew = Crew(dropwire)
        try crew.startAll()
        for number in 1...3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("all are in the index") {
            try dropwire.run(["search", "--json", "quay"]).output.split(separator: "\n").count == 3
        }
        let records = try dropwire.records().filter { $0.article != nil }
        let lines = records.map { String(decoding: $0.bytes, as: UTF8.self) + "\n" }

        let all = try dropwire.run(["export"])
        #expect(all.ending == .exited(0), "\(all.errorOutput)")
        #expect(all.output == lines.joined())
        #expect(all.errorOutput.contains("3 articles"))
        let some = try dropwire.run(["export", "--from", "1", "--limit", "1", "\"\(Sample.title(1))\""])
        #expect(some.output == lines.first { $0.contains(Sample.title(1)) })
        let none = try dropwire.run(["export", "--before", "1999-01-01"])
        #expect(none.ending == .exited(0) && none.output.isEmpty)

        let file = dropwire.scratch.path("all.xml")
        try dropwire.scratch.write("old", to: "all.xml")
        let atom = try dropwire.run(["export", "--format", "atom", "--output", file])
        #expect(atom.ending == .exited(0), "\(atom.errorOutput)")
        let document = try String(contentsOfFile: file, encoding: .utf8)
        #expect(document.hasPrefix("<?xml") && document.hasSuffix("</feed>\n"))
        #expect((1...3).allSatisfy { document.contains(Sample.title($0)) })

        let folder = dropwire.scratch.path("texts")
        let text = try dropwire.run(["export", "--format", "text", "--output", folder])
        #expect(text.ending == .exited(0), "\(text.errorOutput)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(names) == Set(records.compactMap { $0.article.map { "\($0.id).txt" } }))
        #expect(try crew.stopAll() == [])

        // Without an index there is nothing, and nothing is left behind.
        let failed = try dropwire.run(["export", "--output", dropwire.scratch.path("new.ndjson")])
        #expect(failed.ending == .exited(1))
        #expect(failed.errorOutput.contains("EXPORT"))
        let left = try FileManager.default.contentsOfDirectory(atPath: dropwire.scratch.path)
        #expect(!left.contains { $0.contains("new.ndjson") })
    }

    @Test(arguments: [
        (["--format", "atomm"], "did you mean 'atom'?"), (["--format", "text"], "--output"),
        (["--after", "soon"], "2025-02-26"), (["--from", "3", "--to", "2"], "behind"), (["--limit", "0"], "--limit"),
    ])
    func `what is wrong with the command line is said`(_ arguments: [String], _ word: String) throws {
        let process = try BuiltProgram.run(["export"] + arguments)
        #expect(process.ending == .exited(64))
        #expect(process.errorOutput.contains(word), "\(process.errorOutput)")
    }
}
