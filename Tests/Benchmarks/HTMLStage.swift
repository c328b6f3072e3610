import Articles
import FoundationEssentials
import Formats
import Glibc
import Linux
import TestSupport

/// Pages of HTML to articles, on one core, against trafilatura on the same pages where a Python that has it is found; and how
/// much of them is found, where `truth.json` in their folder, or beside it, says what is on them.
enum HTMLStage: Stage {
    static let name = "html"

    static func run(in workspace: Workspace) throws -> [Row] {
        let source = try BenchmarkPages(workspace)
        defer { source.remove(from: workspace) }
        let (folder, pages) = (source.folder, source.pages)
        let bytes = pages.reduce(0) { $0 + $1.bytes.count }
        let what = "\(pages.count) pages of \(bytes / pages.count / 1000) KB"
        let found = try quality(pages, folder)
        guard let peer = try peer(workspace, folder) else {
            let rates = (0..<workspace.options.rounds).map { _ in read(pages) }
            return [
                Row(name, what, Row.median(rates), "pages/s"),
                Row(name, "\(what), bytes", Row.median(rates) * Double(bytes / pages.count) / 1e6, "MB/s"),
            ] + found
        }
        let rounds =
            try [(figure: read(pages), baseline: peer)]
            + (1..<workspace.options.rounds).map { _ in
                (figure: read(pages), baseline: try self.peer(workspace, folder) ?? peer)
            }
        return [Row(name, "\(what), bare: trafilatura", rounds: rounds, "pages/s", bar: .atLeast(8))] + found
    }

    /// Reads each page once, for its score and for the slowest of them.
    private static func quality(_ pages: [(name: String, bytes: [UInt8])], _ folder: String) throws -> [Row] {
        let file = ["\(folder)/truth.json", "\(folder)/../truth.json"].lazy
            .compactMap { FileManager.default.contents(atPath: $0) }.first
        let truths = try file.map { try PageScore.Truth.read([UInt8]($0)) } ?? []
        let truth = Dictionary(truths.map { ($0.file, $0) }) { first, _ in first }
        var score = PageScore()
        var slowest = (microseconds: 0, name: "")
        for page in pages {
            let began = Stopwatch.threadMicroseconds()
            let article = article(page)
            let taken = Stopwatch.threadMicroseconds() - began
            if taken > slowest.microseconds { slowest = (taken, page.name) }
            if let truth = truth[page.name] { score.count(article, truth) }
        }
        let slow = Row(
            name, "slowest page, \(slowest.name)", Double(slowest.microseconds) / 1000, "ms", bar: .under(1000))
        if truths.isEmpty { return [slow] }
        return [
            slow, Row(name, "segments of the text, F1", score.segments, "", bar: .atLeast(0.93)),
            Row(name, "titles, \(score.titles)", score.titles.value, "", bar: .atLeast(0.95)),
            Row(name, "dates, \(score.dates)", score.dates.value, "", bar: .atLeast(0.9)),
            Row(name, "bylines, \(score.bylines)", score.bylines.value, "", bar: .atLeast(0.75)),
        ]
    }

    private static func article(_ page: (name: String, bytes: [UInt8])) -> Article? {
        let context = FormatContext(
            source: "bench", language: "und", path: page.name, sha256: "", bytes: page.bytes.count,
            received: Timestamp(milliseconds: Clocks.wallMilliseconds()), maximumArticleBytes: 64 << 20)
        let file = try? FormatRegistry.standard.parse(page.bytes, name: Array(page.name.utf8), context)
        return file?.articles.first
    }

    /// Pages a second of processor time.
    static func read(_ pages: [(name: String, bytes: [UInt8])]) -> Double {
        let began = Stopwatch.threadMicroseconds()
        var articles = 0
        for page in pages where article(page) != nil { articles += 1 }
        precondition(articles > 0, "no page gave an article")
        return Double(pages.count) / Double(Stopwatch.threadMicroseconds() - began) * 1e6
    }

    /// What trafilatura does, in processor time as well; nil where there is no Python with it.
    private static func peer(_ workspace: Workspace, _ folder: String) throws -> Double? {
        let child = try ChildProcess(
            path: "/usr/bin/env", arguments: [workspace.options.python, "-c", script, folder], errorOutput: .inherited)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = Glibc.read(child.output, &buffer, buffer.count), count > 0 { output += buffer[..<count] }
        guard child.wait() == .exited(0) else { return nil }
        return Double(String(decoding: output, as: UTF8.self).filter { !$0.isWhitespace })
    }

    private static let script = """
        import sys, time, glob
        try:
            from trafilatura import bare_extraction
        except ImportError:
            sys.exit(3)
        pages = [open(name, "rb").read() for name in sorted(glob.glob(sys.argv[1] + "/*.html"))]
        began = time.process_time()
        for page in pages:
            try:
                bare_extraction(page, with_metadata=True, include_comments=False)
            except Exception:
                pass
        print(len(pages) / (time.process_time() - began))
        """
}
