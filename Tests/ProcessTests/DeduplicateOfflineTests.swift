import Articles
import TestSupport
import Linux
import Testing

/// `dropwire deduplicate --offline`, as a person or a script uses it: nothing else runs.
@Suite struct DeduplicateOfflineTests {
    private let scratch: ScratchDirectory
    private static let words = (0..<24).map { "word\($0)" }
    /// Twenty shingles, nineteen of which are in the other.
    private static let text = words.joined(separator: " ")
    private static let edited = words.dropLast().joined(separator: " ") + " changed"

    init() throws { scratch = try ScratchDirectory() }

    private func run(_ arguments: String...) throws -> TestedProcess {
        try BuiltProgram.run(["deduplicate", "--offline"] + arguments)
    }

    /// Writes a file and returns its path.
    private func write(_ text: String, to name: String) throws -> String {
        try scratch.write(text, to: name)
        return scratch.path(name)
    }

    private func line(_ id: String, _ text: String) -> String {
        #"{"id":"\#(id)","title":"A title","text":"\#(text)"}"# + "\n"
    }

    @Test func `a line a pair has both ids and the similarity, parted by tabs`() throws {
        let path = try write(
            line("a", Self.text) + line("b", Self.edited) + "\n" + line("c", "something else of five words")
                + line("d", Self.text.uppercased()), to: "articles.jsonl")
        let pairs = try run(path)
        #expect(pairs.ending == .exited(0), "\(pairs.errorOutput)")
        #expect(pairs.output == "a\tb\t0.90476\na\td\t1.00000\nb\td\t0.90476\n")
        #expect(pairs.errorOutput == "")
        #expect(try run("--threshold", "0.95", path).output == "a\td\t1.00000\n")
        let json = try JSONValue.read(String(try run("--threshold=1", "--json", path).output.dropLast()))
        #expect(json["a"]?["id"] == .string("a"))
        #expect(json["b"]?["number"] == .integer(5))
        #expect(json["b"]?["file"] == .string(path))
        #expect(json["similarity"] == .number(1) || json["similarity"] == .integer(1))
    }

    @Test func `files of any format are compared with lines of JSON and records`() throws {
        let text = try write("A headline\n\n2026-04-01 05:30:00\n\n\(Self.text)\n", to: "a.txt")
        let lines = try write(line("7", Self.text), to: "b.jsonl")
        let parsed = try BuiltProgram.run(["parse", "--json", text])
        let records = try write(parsed.output, to: "c.ndjson")
        let id = try #require(try JSONValue.read(String(parsed.output.dropLast()))["id"]?.stringValue)
        let pairs = try run(text, lines, records)
        #expect(pairs.ending == .exited(0), "\(pairs.errorOutput)")
        #expect(pairs.output == "\(id)\t7\t1.00000\n\(id)\t\(id)\t1.00000\n7\t\(id)\t1.00000\n")
    }

    @Test func `containment finds a trimmed copy`() throws {
        let more = (0..<60).map { "more\($0)" }.joined(separator: " ")
        let path = try write(line("a", Self.text) + line("b", Self.text + " " + more), to: "a.jsonl")
        #expect(try run(path).output == "")
        #expect(try run("--containment", "0.9", path).output.hasPrefix("a\tb\t0."))
    }

    @Test func `a bad line is told with file and line, and the others are compared`() throws {
        let path = try write(
            line("a", Self.text) + "{\"id\":\"b\",\"text\":\n" + "{\"text\":\"no id\"}\n{\"id\":\"e\"}\n[1]\n"
                + line("c", Self.text), to: "bad.jsonl")
        let pairs = try run(path)
        #expect(pairs.ending == .exited(1))
        #expect(pairs.output == "a\tc\t1.00000\n")
        for (number, cause) in [(2, "no JSON"), (3, "id is missing"), (4, "text is missing"), (5, "no JSON object")] {
            #expect(pairs.errorOutput.contains("'\(path)': line \(number): it"), "\(pairs.errorOutput)")
            #expect(pairs.errorOutput.contains(cause), "\(pairs.errorOutput)")
        }
    }

    @Test func `what cannot be read, and what has no article, is an error`() throws {
        let missing = try run(scratch.path("nowhere.jsonl"))
        #expect(missing.ending == .exited(1))
        #expect(missing.errorOutput.contains("nowhere.jsonl"))
        let empty = try run(try write("", to: "empty.jsonl"))
        #expect(empty.ending == .exited(1))
        #expect(!empty.errorOutput.isEmpty)
    }

    @Test func `a command line that makes no sense is told so`() throws {
        for arguments in [[], ["--threshold", "0", "-"], ["--threshold", "x", "-"], ["--containment", "1.1", "-"]] {
            #expect(try BuiltProgram.run(["deduplicate", "--offline"] + arguments).ending == .exited(64))
        }
        #expect(try BuiltProgram.run(["deduplicate", "--threshold", "0.5"]).ending == .exited(64))
        #expect(try BuiltProgram.run(["deduplicate", "a.jsonl"]).ending == .exited(64))
        #expect(try BuiltProgram.run(["deduplicate", "--offline", "--config", "x", "-"]).ending == .exited(64))
    }
}
