import Articles
import Encodings
import FoundationEssentials
import Testing

@testable import Formats

/// The tests of feedparser, where they lie beside the checkout: each file says in a comment what is to come out of it. Those
/// that are about a title, a link, a date, a summary or a content of an entry are held to it; markup is compared by its
/// words, since ours is made anew.
@Suite struct FeedSuiteTests {
    /// What a file's comment says: `entries[0]['title'] == 'x'`.
    private struct Expectation {
        let entry: Int
        let field: String
        let value: String
    }

    // It is only matched with, which does not change it.
    private nonisolated(unsafe) static let form =
        /(?:^|not bozo and |bozo and |and )entries\[(\d)\]\[?\.?'?(title|link|summary|description|content|published_parsed|updated_parsed)'?\]?(?:\[0\])?(?:\['value'\]|\.value)? == u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\([\d, ]+\))\s*$/

    private static func expectation(_ bytes: [UInt8]) -> Expectation? {
        let text = String(decoding: (try? PageEncoding(bytes, format: "feed").text) ?? bytes, as: UTF8.self)
        // What a server's headers say is not in a file.
        guard !text.contains("Header:"),
            let line = text.split(whereSeparator: \.isNewline).first(where: { $0.contains("Expect:") }),
            let mark = line.firstRange(of: "Expect:")
        else { return nil }
        let rule = line[mark.upperBound...].drop { $0.isWhitespace }
        if let match = rule.firstMatch(of: /encoding == '([^']+)'/) {
            return Expectation(entry: -1, field: "encoding", value: String(match.1))
        }
        if let match = rule.firstMatch(of: /^(?:not bozo and )?feed\['title'\] == u?('(?:[^'\\]|\\.)*')\s*$/) {
            return Expectation(entry: -1, field: "feed title", value: literal(match.1))
        }
        guard let match = rule.firstMatch(of: form), let entry = Int(match.1) else { return nil }
        return Expectation(entry: entry, field: String(match.2), value: literal(match.3))
    }

    /// A Python literal: a string, or a tuple as it is.
    private static func literal(_ text: Substring) -> String {
        guard text.first != "(" else { return String(text) }
        var output = ""
        var rest = text.dropFirst().dropLast()
        while let next = rest.popFirst() {
            guard next == "\\", let kind = rest.popFirst() else {
                output.append(next)
                continue
            }
            switch kind {
            case "n": output.append("\n")
            case "t": output.append("\t")
            case "x", "u":
                let count = kind == "x" ? 2 : 4
                let value = UInt32(rest.prefix(count), radix: 16) ?? 0
                rest = rest.dropFirst(count)
                output.unicodeScalars.append(Unicode.Scalar(value) ?? "?")
            default: output.append(kind)
            }
        }
        return output
    }

    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The words of markup that a program for feeds gives.
    private static func wordsOfMarkup(_ text: String) -> String {
        words(HTMLFragment.isMarkup(text) || text.contains("&") ? HTMLFragment(text, url: nil).text ?? "" : text)
    }

    private static func found(_ expectation: Expectation, _ reader: FeedReader) -> (found: String, expected: String)? {
        switch expectation.field {
        case "encoding":
            // Equal names of one encoding.
            let label = expectation.value.lowercased()
            let expected =
                ["utf-16", "utf-32"].contains(label) ? label : TextEncoding(label: label)?.description ?? label
            let wide = reader.encoding.hasPrefix("utf-16") || reader.encoding.hasPrefix("utf-32")
            return (wide && !expected.hasSuffix("e") ? String(reader.encoding.dropLast(2)) : reader.encoding, expected)
        case "feed title": return (words(reader.feedTitle ?? ""), wordsOfMarkup(expectation.value))
        default: return found(expectation, reader.entries().map(\.article))
        }
    }

    private static func found(_ expectation: Expectation, _ articles: [Article]) -> (found: String, expected: String)? {
        guard articles.indices.contains(expectation.entry) else { return ("nothing", expectation.value) }
        let article = articles[expectation.entry]
        switch expectation.field {
        case "title": return (words(article.title ?? ""), wordsOfMarkup(expectation.value))
        case "link": return (article.url ?? "", expectation.value)
        case "summary", "description":
            return (words(article.abstract ?? article.body ?? ""), wordsOfMarkup(expectation.value))
        case "content": return (words(article.body ?? article.abstract ?? ""), wordsOfMarkup(expectation.value))
        default:
            let parts = expectation.value.split { !$0.isNumber }.prefix(6).compactMap { Int($0) }
            guard parts.count == 6 else { return nil }
            let moment = Timestamp(
                year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4], second: parts[5])
            let own = expectation.field == "updated_parsed" ? article.updated ?? article.published : article.published
            return (own?.description ?? "", moment?.description ?? "?")
        }
    }

    @Test(
        .enabled(if: SharedSuite.isThere("feedparser"), "the samples lie beside the checkout"),
        arguments: [("wellformed", 0.99), ("illformed", 0.95), ("encoding", 0.95), ("entities", 0.95)])
    func `entries give what feedparser's tests expect`(folder: String, bar: Double) throws {
        var total = 0
        var missed: [String] = []
        for (path, bytes) in try SharedSuite.files("feedparser")
        where path.contains("/\(folder)/") && path.hasSuffix(".xml") {
            guard let expectation = Self.expectation(bytes) else { continue }
            // Also entries that have nothing but what is asked for, which are no articles.
            let isFeed = FeedFormat().recognizes(bytes, name: [])
            let reader = try? FeedFormat.reader(of: bytes, .sample(bytes: bytes.count, limit: 1 << 20)).reader
            guard isFeed, let reader else {
                total += 1
                missed.append("\(path): not taken for a feed")
                continue
            }
            // ASCII is the same in all of them.
            if expectation.field == "encoding", bytes.allSatisfy({ $0 < 0x80 && $0 != 0 }) { continue }
            guard let (found, expected) = Self.found(expectation, reader) else { continue }
            total += 1
            if found != expected, found != Self.words(expectation.value) {
                missed.append("\(path): \(expectation.field): '\(found)' is not '\(expected)'")
            }
        }
        print("feedparser \(folder): \(total - missed.count) of \(total)")
        if ProcessInfo.processInfo.environment["DROPWIRE_VERBOSE"] != nil { missed.forEach { print("MISS \($0)") } }
        #expect(total > 0 && Double(total - missed.count) >= bar * Double(total), "\(missed.prefix(5))")
    }
}
