import Articles
import FoundationEssentials
import Formats
import Glibc
import Hashing
import Linux

/// The articles that are measured with, in the native text format.
struct Corpus {
    /// What the report calls it.
    let name: String
    /// Each article as a file's content.
    let files: [[UInt8]]

    /// Reads JSON lines (also compressed by xz), or the files of a directory.
    init(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SystemError(operation: "look at '\(path)'") }
        name = path.split(separator: "/").last.map(String.init) ?? path
        if status.st_mode & S_IFMT == S_IFDIR {
            let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            files = names.compactMap { FileManager.default.contents(atPath: "\(path)/\($0)").map { Array($0) } }
        } else {
            let bytes =
                path.hasSuffix(".xz")
                ? try Corpus.unpack(path, by: "xz") : Array(try Data(contentsOf: URL(filePath: path)))
            let decoder = JSONDecoder()
            files = try bytes.split(separator: UInt8(ascii: "\n")).map {
                try decoder.decode(Line.self, from: Data($0)).native
            }
        }
        guard !files.isEmpty else { throw BenchmarkFailure("there are no articles in '\(path)'") }
    }

    private init(name: String, files: [[UInt8]]) {
        self.name = name
        self.files = files
    }

    /// Articles of about 4 KB from a fixed rule, no two alike.
    static let madeUp = Corpus(name: "made up", files: MadeUpText.articles(20_000))

    /// `count` files of `bytes` bytes, each with a headline of its own, filled with the corpus's paragraphs.
    func blocks(_ count: Int, of bytes: Int) -> [[UInt8]] {
        var next = 0
        return (0..<count).map { number in
            var text = Array("Headline \(number) of the day\n\n2025-02-26 03:27:00\n\n".utf8)
            while text.count <= bytes {
                text += files[next % files.count]
                text += Array("\n\n".utf8)
                next += 1
            }
            var end = bytes
            // Not in the middle of a character.
            while text[end] & 0xc0 == 0x80 { end -= 1 }
            return Array(text[..<end]) + [UInt8](repeating: UInt8(ascii: "."), count: bytes - end)
        }
    }

    /// Names and contents for a drop directory.
    static func named(_ files: [[UInt8]], prefix: String = "article") -> [(name: String, bytes: [UInt8])] {
        files.enumerated().map { number, bytes in
            (prefix + "-" + String(repeating: "0", count: 6 - "\(number)".count) + "\(number).txt", bytes)
        }
    }

    /// The articles as the watcher would read them.
    func articles(_ count: Int) throws -> [Article] {
        try files.prefix(count).enumerated().flatMap { number, bytes in
            let context = FormatContext(
                source: "bench", language: "en", path: "article-\(number).txt",
                sha256: Hexadecimal.encode(SHA256.hash(bytes)), bytes: bytes.count,
                received: Timestamp(milliseconds: Clocks.wallMilliseconds()), maximumArticleBytes: 64 << 20)
            return try FormatRegistry.standard.parse(bytes, name: Array("article.txt".utf8), context).articles
        }
    }

    /// Returns what a compressed file holds, by a program that is called as `xz` is.
    static func unpack(_ path: String, by program: String) throws -> [UInt8] {
        let child = try ChildProcess(
            path: "/usr/bin/env", arguments: [program, "-dc", "--", path], errorOutput: .inherited)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(child.output, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        guard child.wait() == .exited(0) else { throw BenchmarkFailure("\(program) could not unpack '\(path)'") }
        return bytes
    }

    /// A line of a JSON lines corpus.
    private struct Line: Decodable {
        var title: String?
        var date: String?
        var text: String

        /// The article in the native text format: headline, date, paragraphs.
        var native: [UInt8] {
            var blocks = [Line.folded(title ?? "") ?? "Without a headline"]
            if let date = date.flatMap(Line.nativeDate) { blocks.append(date) }
            blocks += paragraphs
            return Array(blocks.joined(separator: "\n\n").utf8) + [UInt8(ascii: "\n")]
        }

        /// Agencies break lines anywhere and begin a paragraph with spaces or after a blank line.
        private var paragraphs: [String] {
            var paragraphs: [[Substring]] = [[]]
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                let isNew = line.hasPrefix("    ") || line.allSatisfy { $0.isWhitespace }
                if isNew, paragraphs.last?.isEmpty == false { paragraphs.append([]) }
                if !line.allSatisfy({ $0.isWhitespace }) { paragraphs[paragraphs.count - 1].append(line) }
            }
            return paragraphs.compactMap { Line.folded($0.joined(separator: " ")) }
        }

        private static func folded(_ text: String) -> String? {
            let words = text.split { $0.isWhitespace || $0.isNewline }
            return words.isEmpty ? nil : words.joined(separator: " ")
        }

        private static let months = [
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ]

        /// `26-FEB-1987 15:01:01.79` as `1987-02-26 15:01:01`; a date that begins as the native one does is cut to it.
        private static func nativeDate(_ text: String) -> String? {
            let parts = text.split { $0 == " " || $0 == "T" }
            guard parts.count >= 2 else { return nil }
            let day = parts[0].split(separator: "-")
            let time = parts[1].prefix(8)
            guard day.count == 3, time.count == 8 else { return nil }
            if day[0].count == 4 { return "\(parts[0]) \(time)" }
            guard let month = months.firstIndex(of: day[1].uppercased()), day[2].count == 4 else { return nil }
            func two(_ number: some StringProtocol) -> String { number.count < 2 ? "0\(number)" : "\(number)" }
            return "\(day[2])-\(two("\(month + 1)"))-\(two(day[0])) \(time)"
        }
    }
}

/// Text from a few words, by a fixed rule, so that two runs measure the same.
enum MadeUpText {
    private static let words = [
        "the", "the", "the", "of", "of", "to", "to", "and", "and", "in", "in", "a", "said", "for", "on", "that",
        "market",
        "prices", "government", "agreement", "company", "shares", "quarter", "minister", "exports", "harvest", "river",
        "council", "election", "report", "workers", "energy", "court", "season", "village", "railway", "storm",
        "school",
        "research", "museum", "budget", "harbour", "factory", "doctor", "festival", "team", "coach", "parliament",
    ]

    static func articles(_ count: Int) -> [[UInt8]] {
        var state: UInt64 = 20_250_226
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        func sentence() -> String {
            let text = (0..<(8 + draw(14))).map { _ in words[draw(words.count)] }.joined(separator: " ")
            return text.prefix(1).uppercased() + text.dropFirst() + " \(draw(1000))."
        }
        return (0..<count).map { number in
            var text =
                "\(words[draw(words.count)]) \(words[draw(words.count)]) number \(number)\n\n2025-02-26 03:27:00\n"
            while text.utf8.count < 4000 {
                text += "\n" + (0..<4).map { _ in sentence() }.joined(separator: " ") + "\n"
            }
            return Array(text.utf8)
        }
    }
}
