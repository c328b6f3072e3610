import Articles
import Deduplication
import Glibc

/// `dropwire deduplicate --offline`: the pairs of near duplicates in files, without state or window.
enum DeduplicateOffline {
    /// The options beside those of the role.
    static let options: [Command.Option] = [
        Command.Option("--offline", "print the near duplicates in FILE…, or in standard input (-)"),
        Command.Option("--threshold", "T", "offline: the least similarity, above 0 up to 1 (0.8)"),
        Command.Option("--containment", "C", "offline: also where one has that part of the other (see above)"),
        Command.Option("--json", "offline: print one JSON object a line"),
    ]

    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        for option in Role.options where arguments.has(option.name) {
            throw UsageError("\(option.name) says nothing where --offline is given")
        }
        guard !arguments.operands.isEmpty else { throw UsageError("FILE is missing; - is standard input") }
        let threshold = try share("--threshold", arguments) ?? 0.8
        let containment = try share("--containment", arguments)
        var finder = PairFinder(threshold: threshold, containment: containment)
        var names = ArticleNames()
        var progress = Progress()
        var hasFailed = false
        func fail(_ message: String) {
            hasFailed = true
            progress.clear()
            Output.error("dropwire deduplicate: \(message)")
        }
        let articles = OfflineArticles(report: fail)
        for (file, path) in arguments.operands.enumerated() {
            do {
                _ = try articles.read(path) { item in
                    try finder.add(item.text, title: item.title)
                    names.append(item.id, file: file, number: item.number)
                    progress.note(names.count)
                }
            } catch {
                fail("\(JSONText.terminalSafe("\(error)"))")
            }
        }
        progress.clear()
        var output = Lines(isJSON: arguments.has("--json"), paths: arguments.operands)
        try finder.finish { output.write($0, names) }
        output.flush()
        return hasFailed ? ExitCode.failed : ExitCode.done
    }

    /// The value of an option above 0 up to 1.
    private static func share(_ name: String, _ arguments: ParsedArguments) throws -> Double? {
        guard let text = arguments.value(name) else { return nil }
        guard let value = Double(text), value > 0, value <= 1 else {
            throw UsageError("\(name) is a number above 0 up to 1, such as 0.8, not '\(JSONText.terminalSafe(text))'")
        }
        return value
    }

    /// Prints pairs, some kilobytes at a time.
    private struct Lines {
        let isJSON: Bool
        let paths: [String]
        private var bytes: [UInt8] = []

        init(isJSON: Bool, paths: [String]) {
            self.isJSON = isJSON
            self.paths = paths
        }

        mutating func write(_ pair: PairFinder.Pair, _ names: ArticleNames) {
            if isJSON { writeObject(pair, names) } else { writeFields(pair, names) }
            bytes.append(UInt8(ascii: "\n"))
            if bytes.count >= 1 << 16 { flush() }
        }

        mutating func flush() {
            Output.bytes(bytes)
            bytes.removeAll(keepingCapacity: true)
        }

        private mutating func writeFields(_ pair: PairFinder.Pair, _ names: ArticleNames) {
            for number in [pair.first, pair.second] {
                for byte in names.id(number) {
                    // What would break the line is written as programmers write it.
                    switch byte {
                    case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
                    case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                    case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
                    default: bytes.append(byte)
                    }
                }
                bytes.append(UInt8(ascii: "\t"))
            }
            let digits = "\(Int((pair.overlap.similarity * 100_000).rounded()))".utf8
            let padded = [UInt8](repeating: UInt8(ascii: "0"), count: max(0, 6 - digits.count)) + digits
            bytes += padded[..<(padded.count - 5)] + [UInt8(ascii: ".")] + padded[(padded.count - 5)...]
        }

        private mutating func writeObject(_ pair: PairFinder.Pair, _ names: ArticleNames) {
            var writer = JSONWriter(capacity: 256)
            writer.beginObject()
            for (key, number) in [("a", pair.first), ("b", pair.second)] {
                writer.key(text: key)
                writer.beginObject()
                writer.field("id", String(decoding: names.id(number), as: UTF8.self))
                writer.field("file", paths[names.file(number)])
                writer.field("number", names.number(number))
                writer.endObject()
            }
            writer.field("similarity", pair.overlap.similarity)
            writer.field("containment", pair.overlap.containment)
            writer.endObject()
            bytes += writer.bytes
        }
    }

    /// Tells a person how far it is, twice a second at most.
    private struct Progress {
        private let isShown = isatty(2) == 1
        private var last = ContinuousClock.now
        private var isThere = false

        mutating func note(_ count: Int) {
            guard isShown, count & 255 == 0, ContinuousClock.now - last > .milliseconds(500) else { return }
            last = .now
            isThere = true
            Output.errorText("\r\(count) articles")
        }

        /// Takes the line away, for what is printed next.
        mutating func clear() {
            if isThere { Output.errorText("\r\u{1b}[K") }
            isThere = false
        }
    }
}
