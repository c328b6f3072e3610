import Articles
import Formats
import Glibc
import JSON
import Linux

/// Files to articles, on one core in processor time: native text against a scan of its bytes, and NDJSON against simdjson
/// alone, which parses the same objects and makes nothing of them; a message of news against libxml2's pull reader alone; a
/// mailbox against a scan of its bytes, too.
enum FormatsStage: Stage {
    static let name = "formats"

    static func run(in workspace: Workspace) throws -> [Row] {
        let files = workspace.corpus.blocks(4000, of: 4 << 10)
        let native = try rounds(workspace, bytes: files.reduce(0) { $0 + $1.count }) {
            try parse(files, name: "a.txt")
        } baseline: {
            files.reduce(0) { $0 &+ $1.reduce(0) { $0 &+ Int($1) } }
        }
        let lines = try ndjson(workspace)
        let json = try rounds(workspace, bytes: lines.count) {
            try parse([lines], name: "a.ndjson")
        } baseline: {
            try parseAlone(lines)
        }
        let message = MadeUpNews.message(try workspace.corpus.articles(4000))
        let news = try rounds(workspace, bytes: message.count) {
            try parse([message], name: "a.xml")
        } baseline: {
            MadeUpNews.nodes(in: message)
        }
        let pages = try markdown(workspace)
        let markdown = try rounds(workspace, bytes: pages.reduce(0) { $0 + $1.count }) {
            try parse(pages, name: "a.md")
        } baseline: {
            pages.reduce(0) { $0 &+ $1.reduce(0) { $0 &+ Int($1) } }
        }
        let mailbox = try mbox(workspace)
        let mail = try rounds(workspace, bytes: mailbox.count) {
            try parse([mailbox], name: "a.mbox")
        } baseline: {
            mailbox.reduce(0) { $0 &+ Int($1) }
        }
        return [
            Row(name, "native text, files of 4 KB", Row.median(native.map(\.figure)), "MB/s", bar: .atLeast(200)),
            Row(name, "native text, bare: adding up the bytes", rounds: native, "MB/s"),
            Row(name, "NDJSON", Row.median(json.map(\.figure)), "MB/s", bar: .atLeast(200)),
            Row(name, "NDJSON, bare: simdjson", rounds: json, "MB/s"),
            Row(name, "NewsML-G2", Row.median(news.map(\.figure)), "MB/s", bar: .atLeast(40)),
            Row(name, "NewsML-G2, bare: libxml2's reader", rounds: news, "MB/s"),
            Row(name, "Markdown, bare: adding up the bytes", rounds: markdown, "MB/s"),
            Row(name, "mailbox, bare: adding up the bytes", rounds: mail, "MB/s"),
        ]
    }

    private static func rounds(
        _ workspace: Workspace, bytes: Int, _ work: () throws -> Int, baseline: () throws -> Int
    ) throws -> [(figure: Double, baseline: Double)] {
        func rate(_ work: () throws -> Int) throws -> Double {
            let began = Stopwatch.threadMicroseconds()
            let result = try work()
            let time = Double(Stopwatch.threadMicroseconds() - began)
            precondition(result > 0, "nothing came of it")
            return Double(bytes) / time
        }
        _ = try rate(work)
        return try (0..<workspace.options.rounds).map { _ in
            (figure: try rate(work), baseline: try rate(baseline))
        }
    }

    /// Returns how many articles files have.
    private static func parse(_ files: [[UInt8]], name: String) throws -> Int {
        let parser = FileParser()
        var articles = 0
        for bytes in files {
            let context = FormatContext(
                source: "bench", language: "en", path: name, sha256: "", bytes: bytes.count,
                received: Timestamp(milliseconds: Clocks.wallMilliseconds()), maximumArticleBytes: 64 << 20)
            let reader = parser.open(bytes, name: Array(name.utf8), context)
            while let part = try reader.next() {
                if case .article = part.content { articles += 1 }
            }
        }
        return articles
    }

    /// Returns how many objects lines are.
    private static func parseAlone(_ lines: [UInt8]) throws -> Int {
        let parser = JSONParser()
        var start = 0
        var count = 0
        while start < lines.count, let end = lines[start...].firstIndex(of: 0x0a) {
            count += try parser.parse(lines, start..<end).kind == .object ? 1 : 0
            start = end + 1
        }
        return count
    }

    /// Articles with front matter, and with a heading, a list, a quotation and a link in each.
    private static func markdown(_ workspace: Workspace) throws -> [[UInt8]] {
        try workspace.corpus.articles(1000).enumerated().map { number, article in
            let title = (article.title ?? "").replacing("\n", with: " ").replacing("\"", with: "'")
            let text = """
                ---
                title: "\(title)"
                date: 2025-02-26T03:27:00Z
                author: [Ada Berg, Jan Holm]
                tags: [harbour, bridges]
                url: https://news.example/\(number)
                ---

                ## What is *known*

                - one [thing](https://news.example/one)
                - and **another**

                > It was said.

                \(article.body ?? "")

                """
            return Array(text.utf8)
        }
    }

    /// Articles as mails, one in three encoded, and one in three with markup beside its text.
    private static func mbox(_ workspace: Workspace) throws -> [UInt8] {
        var mailbox = ""
        for (number, article) in try workspace.corpus.articles(4000).enumerated() {
            let body = (article.body ?? "").replacing("\nFrom ", with: "\n>From ")
            mailbox += """
                From desk@news.example Wed Feb 26 03:27:00 2025
                Received: from mx.news.example (mx.news.example [192.0.2.1])
                \tby desk.example with ESMTP id \(number); Wed, 26 Feb 2025 03:27:01 +0000
                From: "The desk" <desk@news.example>
                To: readers@news.example
                Subject: =?utf-8?Q?\(number)=3A?= \((article.title ?? "").replacing("\n", with: " "))
                Date: Wed, 26 Feb 2025 03:27:00 +0000
                Message-ID: <\(number)@news.example>
                MIME-Version: 1.0

                """
            switch number % 3 {
            case 0:
                mailbox += "Content-Type: text/plain; charset=utf-8\n\n\(body)\n\n"
            case 1:
                mailbox += "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                mailbox += body.replacing("=", with: "=3D").replacing("e", with: "=65") + "\n\n"
            default:
                mailbox += """
                    Content-Type: multipart/alternative; boundary="part"

                    --part
                    Content-Type: text/plain; charset=utf-8

                    \(body)
                    --part
                    Content-Type: text/html; charset=utf-8

                    <p>\(body.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\n\n", with: "</p><p>"))</p>
                    --part--


                    """
            }
        }
        return Array(mailbox.utf8)
    }

    /// Articles as an exporter writes them, a line each.
    private static func ndjson(_ workspace: Workspace) throws -> [UInt8] {
        var lines: [UInt8] = []
        for (number, article) in try workspace.corpus.articles(4000).enumerated() {
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("id", "urn:bench:\(number)")
            writer.field("headline", article.title ?? "")
            writer.field("published_at", "2025-02-26T03:27:00Z")
            writer.field("url", "https://news.example/\(number)")
            writer.field("language", "en")
            writer.field("section", "World")
            writer.field("body", article.body ?? "")
            writer.endObject()
            lines += writer.bytes
            lines.append(0x0a)
        }
        return lines
    }
}
