import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// `dropwire summarize --offline`, which needs no other process.
@Suite struct OfflineSummaryTests {
    private struct Line: Decodable, Equatable {
        var id: String
        var summary: [String]
        var phrases: [String]
    }

    private let scratch: ScratchDirectory
    private let text =
        "The council of Smallville voted to close the old bridge. Trucks will use the motorway. Repairs of the bridge cost much. The council will meet again."

    init() throws { scratch = try ScratchDirectory() }

    private func run(_ arguments: [String]) throws -> (lines: [Line], process: TestedProcess) {
        let process = try BuiltProgram.run(["summarize", "--offline"] + arguments)
        let lines = try process.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        return (lines, process)
    }

    @Test func `JSON lines and files of other formats give a line an article`() throws {
        try scratch.write(
            """
            {"id": "a", "title": "Bridge", "text": "\(text)"}

            {"id": 7, "text": "It rained.", "language": "en"}
            {"id": "c", "text": ""}
            """, to: "lines.jsonl")
        try scratch.write("Bridge to close\n\n2025-02-26 03:27:00\n\n\(text)\n", to: "one.txt")
        let (lines, process) = try run([scratch.path("lines.jsonl"), scratch.path("one.txt")])
        #expect(process.ending == .exited(0), "\(process.errorOutput)")
        #expect(process.errorOutput == "4 articles\n")
        #expect(lines.prefix(3).map(\.id) == ["a", "7", "c"])
        #expect(lines.map(\.summary.count) == [3, 1, 0, 3])
        #expect(lines[3].id.count == 32 && lines[3].summary == lines[0].summary)
    }

    @Test func `records are lines too, and those of other types are passed over`() throws {
        let parsed = try BuiltProgram.run(["parse", "--json", try file(text)])
        let record = parsed.output.trimmed
        try scratch.write(
            "{\"v\":1,\"type\":\"file\",\"outcome\":\"published\"}\n\(record)\n", to: "records.ndjson")
        let (lines, process) = try run(["--sentences", "1", "--phrases", "0", scratch.path("records.ndjson")])
        #expect(process.ending == .exited(0), "\(process.errorOutput)")
        #expect(lines.count == 1 && lines[0].summary.count == 1 && lines[0].phrases.isEmpty)
        #expect(record.contains("\"id\":\"\(lines[0].id)\""))
    }

    private func file(_ text: String) throws -> String {
        try scratch.write("Bridge to close\n\n2025-02-26 03:27:00\n\n\(text)\n", to: "one.txt")
        return scratch.path("one.txt")
    }

    @Test func `standard input is read as a file is`() throws {
        for content in ["{\"id\":\"a\",\"text\":\"\(text)\"}", "Bridge\n\n2025-02-26 03:27:00\n\n\(text)"] {
            try scratch.write(content, to: "input")
            let process = try TestedProcess(
                name: "summarize",
                command: [
                    "/bin/sh", "-c", "exec \"$0\" summarize --offline --words 12 - < \"$1\"", BuiltProgram.path,
                    scratch.path("input"),
                ])
            try process.waitUntilEnded()
            #expect(process.ending == .exited(0), "\(process.errorOutput)")
            let line = try JSONDecoder().decode(Line.self, from: Data(process.output.utf8))
            let words = line.summary.joined(separator: " ").split(separator: " ").count
            #expect((1...12).contains(words))
        }
    }

    @Test func `a line or a file that cannot be read costs itself alone, and its place is told`() throws {
        try scratch.write(
            """
            {"id":"a","text":"It rained."}
            {"id":"b","text":
            {"text":"No id."}
            {"id":"d","text":7}
            [1]
            {"id":"e","text":"It snowed."}
            """, to: "lines.jsonl")
        let path = scratch.path("lines.jsonl")
        let (lines, process) = try run([scratch.path("nowhere"), path])
        #expect(process.ending == .exited(1))
        #expect(lines.map(\.id) == ["a", "e"])
        let errors = process.errorOutput.split(separator: "\n").map(String.init)
        #expect(errors.count == 6, "\(errors)")
        #expect(errors[0].contains("nowhere'") && errors[0].contains("No such file"))
        #expect(errors[1].hasPrefix("dropwire summarize: '\(path)':2: expected a JSON object: "))
        #expect(errors[2].hasSuffix(":3: expected the member 'id', a string or a whole number"))
        #expect(errors[3].hasSuffix(":4: expected the member 'text', a string"))
        #expect(errors[4].hasSuffix(":5: expected a JSON object"))
        #expect(errors[5] == "2 articles")
    }

    @Test func `the same files give the same bytes`() throws {
        let path = try file(text)
        let first = try run([path, path]).process.output
        #expect(first == (try run([path, path]).process.output))
        #expect(Set(first.split(separator: "\n")).count == 1)
    }

    @Test(arguments: [
        (["--offline"], "FILE is missing"), (["--offline", "--words", "none", "a"], "--words is a whole number"),
        (["--words", "5"], "--words goes with --offline only"), (["a.txt"], "'a.txt' is read with --offline only"),
        (["--offline", "--config", "a", "b"], "--config does not go with --offline"),
    ])
    func `what is wrong with the command line is said`(_ arguments: [String], _ sentence: String) throws {
        let process = try BuiltProgram.run(["summarize"] + arguments)
        #expect(process.ending == .exited(64))
        #expect(process.errorOutput.contains(sentence), "\(process.errorOutput)")
    }
}

extension String {
    fileprivate var trimmed: String { String(split(separator: "\n").first ?? "") }
}
