import Articles
import Formats
import FoundationEssentials
import Linux
import TestSupport
import Testing

@testable import Exporting

/// What is written is what others' readers and the standards' own schemas take for good: every article of the golden cases.
@Suite struct OtherReadersTests {
    private static let python = "/usr/bin/python3"
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let ninjs = repository.deletingLastPathComponent()
        .appending(path: "shared/data/formats/newsinjson.tar.xz").path

    /// The articles of all golden cases.
    private static func articles() throws -> [Article] {
        let root = repository.appending(path: "Tests/FormatsTests/Fixtures")
        let files = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.contains("/input.") }
        var articles: [Article] = []
        for path in files.sorted() {
            let bytes = Array(try Data(contentsOf: root.appending(path: path)))
            let reader = FileParser().open(
                bytes, name: Array("input".utf8),
                FormatContext(
                    source: "agency", language: "und", path: path, sha256: "", bytes: bytes.count,
                    received: Timestamp(milliseconds: 1_800_000_000_000), maximumArticleBytes: 1 << 20))
            // Cases of bad input end in an error, which is theirs to show.
            while let part = try? reader.next() {
                if case .article(let article) = part.content, article.pubStatus == .usable { articles.append(article) }
            }
        }
        return articles
    }

    private static func write(
        _ format: ExportFormat, _ articles: [Article], _ scratch: ScratchDirectory
    ) throws -> String {
        var writer = format.writer(title: "Wire & more", at: Timestamp(milliseconds: 1_800_000_000_000))
        var bytes = writer.start
        for article in articles { bytes += writer.write(article, record: article.encodeRecord()) }
        bytes += writer.end
        let path = scratch.path("export")
        try Data(bytes).write(to: URL(filePath: path))
        return path
    }

    /// Runs a script; returns the lines that it prints.
    private static func lines(_ script: String, _ arguments: String...) throws -> [Substring] {
        let process = try TestedProcess(name: "python3", command: [python, "-c", script] + arguments)
        let ending = try process.waitUntilEnded(within: .seconds(120))
        try #require(ending == .exited(0), "\(process.errorOutput)")
        return process.output.split(separator: "\n")
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: ninjs), "the samples of ninjs are not there"))
    func `ninjs is what the schema of ninjs 3.1 asks for`() throws {
        let scratch = try ScratchDirectory()
        let articles = try Self.articles()
        let path = try Self.write(.ninjs, articles, scratch)
        let lines = try Self.lines(
            """
            import json, sys, tarfile
            from jsonschema import Draft202012Validator, FormatChecker
            with tarfile.open(sys.argv[1]) as files:
                name = next(n for n in files.getnames() if n.endswith("specification/ninjs-schema_3.1.json"))
                schema = json.load(files.extractfile(name))
            check = Draft202012Validator(schema, format_checker=FormatChecker())
            count = 0
            for line in open(sys.argv[2], encoding="utf-8"):
                count += 1
                for fault in check.iter_errors(json.loads(line)): print(count, list(fault.path), fault.message[:200])
            print("checked", count)
            """, Self.ninjs, path)
        #expect(lines == ["checked \(articles.count)"[...]])
    }

    @Test func `feedparser finds nothing to mend in Atom, and every entry`() throws {
        let scratch = try ScratchDirectory()
        let articles = try Self.articles()
        let path = try Self.write(.atom, articles, scratch)
        let lines = try Self.lines(
            """
            import sys, feedparser
            feed = feedparser.parse(open(sys.argv[1], "rb").read())
            if feed.bozo: print(feed.bozo_exception)
            print(feed.version, feed.feed.title, len(feed.entries), len({e.id for e in feed.entries}))
            print(sum(bool(e.title) for e in feed.entries), sum(bool(e.updated_parsed) for e in feed.entries))
            """, path)
        let ids = Set(articles.map(WebName.of)).count
        let titled = articles.count { $0.title != nil }
        #expect(lines == ["atom10 Wire & more \(articles.count) \(ids)", "\(titled) \(articles.count)"])
    }
}
