import Articles
import FoundationEssentials
import Testing

@testable import Formats

/// The mails of mail-parser's tests, where they lie beside the checkout, each with what that project reads in it.
///
/// Subjects are compared as they are but for white space, dates as moments, texts without white space and marks of quoting,
/// since lines are joined here that the mail broke. Where there is markup alone, its words are compared.
@Suite struct MailSuiteTests {
    /// What mail-parser reads in a message.
    private struct Expectation {
        var subject: String?
        var date: Timestamp?
        var text = ""
        /// Also that of parts that it counts as attachments though they are no files.
        var everyText = ""

        init(_ json: JSONValue) {
            let parts = json["parts"]?.elements ?? []
            for header in parts.first?["headers"]?.elements ?? [] {
                switch header["name"]?.stringValue {
                case "subject": subject = header["value"]?["Text"]?.stringValue
                case "date": date = header["value"]?["DateTime"].flatMap(Expectation.moment)
                default: break
                }
            }
            func numbers(_ list: String) -> [Int] {
                (json[list]?.elements ?? []).compactMap { if case .integer(let index) = $0 { Int(index) } else { nil } }
            }
            let own = numbers("text_body")
            text = own.map { Expectation.text(of: parts[$0]) }.joined()
            everyText = (own + numbers("attachments").filter { parts[$0]["body"]?["Text"] != nil }).sorted()
                .map { Expectation.text(of: parts[$0]) }.joined()
        }

        private static func text(of part: JSONValue) -> String {
            let body = part["body"]
            if let plain = body?["Text"]?.stringValue { return plain }
            return body?["Html"]?.stringValue.flatMap { HTMLFragment($0, url: nil).text } ?? ""
        }

        static func moment(_ value: JSONValue) -> Timestamp? {
            func number(_ name: String) -> Int {
                if case .integer(let number)? = value[name] { Int(number) } else { 0 }
            }
            guard
                let civil = Timestamp(
                    year: number("year"), month: number("month"), day: number("day"), hour: number("hour"),
                    minute: number("minute"), second: number("second"))
            else { return nil }
            let offset = Int64(number("tz_hour") * 60 + number("tz_minute")) * 60_000
            return Timestamp(
                milliseconds: civil.milliseconds + (value["tz_before_gmt"] == .boolean(true) ? offset : -offset))
        }
    }

    /// Where a boundary is wrong, mail-parser takes the following parts as they were sent for text.
    private static func cut(_ text: String) -> String {
        let text = text.replacing("\r\n", with: "\n")
        return text.firstRange(of: /\n--[^\n]{3,80}\nContent-Type:/).map { String(text[..<$0.lowerBound]) } ?? text
    }

    private static func bare(_ text: String) -> String {
        String(
            text.unicodeScalars.filter {
                !$0.properties.isWhitespace && $0.value > 0x20 && $0 != ">" && $0 != "\u{feff}"
            })
    }

    /// Where mail-parser gives up on a byte beyond ASCII, another reading is as good.
    private static func isSame(_ found: String, _ expected: String) -> Bool {
        let (found, expected) = (Array(found.unicodeScalars), Array(expected.unicodeScalars))
        return found.count == expected.count && zip(found, expected).allSatisfy { $0 == $1 || $1 == "\u{fffd}" }
    }

    private static func words(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// Mails that are read otherwise here, and on purpose: what their text has in it, without white space.
    private static let otherwise = [
        // A boundary of the outer part ends the inner one (RFC 2046, section 5.1.2).
        "malformed/009.eml": "122333", "malformed/011.eml": "122333",
        // A boundary of a part that has ended is a line of text.
        "malformed/016.eml": "122--1234567890",
        // Noise between pieces of mails.
        "malformed/019.eml": "JPlaintextbodyofthemultipartfixture.",
        // Enriched text is text.
        "rfc/000.eml": "Thisisenriched.asdefinedinRFC1896Isn'titcool?",
        // What calls itself base 64 and is none.
        "thirdparty/002.eml": "päivääyötävaan.",
        // A boundary in the middle of a line is none.
        "thirdparty/005.eml": "『世界人権宣言』invalid--1--",
    ]

    private static func difference(_ expected: Expectation, _ article: Article?) -> String? {
        guard let article else { return "no article" }
        if !isSame(article.title ?? "", words(expected.subject ?? "")) {
            return "subject '\(article.title ?? "")' is not '\(expected.subject ?? "")'"
        }
        if let date = expected.date, article.published != date {
            return "date \(article.published.map { "\($0)" } ?? "none") is not \(date)"
        }
        let found = bare(article.body ?? "")
        let wanted = [expected.text, expected.everyText].map { bare(cut($0)) }
        guard !wanted.contains(where: { isSame(found, $0) }) else { return nil }
        let start = max(0, zip(found, wanted[0]).prefix { $0 == $1 }.count - 20)
        return "text …'\(found.dropFirst(start).prefix(150))' is not …'\(wanted[0].dropFirst(start).prefix(150))'"
    }

    @Test(.enabled(if: SharedSuite.isThere("mail-parser"), "the samples lie beside the checkout"))
    func `mails give the subject, the date and the text that mail-parser reads`() throws {
        let files = Dictionary(
            uniqueKeysWithValues: try SharedSuite.files("mail-parser").map { ($0.path, $0.bytes) })
        var (total, listed) = (0, 0)
        var missed: [String] = []
        for (path, bytes) in files.sorted(by: { $0.key < $1.key }) where path.hasSuffix(".eml") {
            for (ending, message) in [(".json", bytes), (".crlf.json", Self.withReturns(bytes))] {
                guard let json = files[path.dropLast(4) + ending] else { continue }
                let expected = Expectation(try JSONDecoder().decode(JSONValue.self, from: Data(json)))
                total += 1
                let other = Self.otherwise.first { path.hasSuffix($0.key) }?.value
                let reading = try Reading(
                    of: MailFormat().open(HeldBytes(message), .sample(bytes: message.count, limit: 1 << 24)))
                // Nothing is expected of it that makes an article.
                if expected.subject == nil, Self.bare(expected.text).isEmpty { continue }
                if let other {
                    listed += 1
                    let body = Self.bare(reading.articles.first?.body ?? "")
                    #expect(body.contains(other), "\(path)")
                    continue
                }
                if let difference = Self.difference(expected, reading.articles.first) {
                    missed.append("\(path)\(ending): \(difference) \(reading.end.map { "\($0)" } ?? "")")
                }
            }
        }
        print("mail-parser: \(total - missed.count - listed) of \(total) mails, and \(listed) otherwise on purpose")
        #expect(total > 200)
        #expect(Double(total - missed.count) >= 0.99 * Double(total), "\(missed.joined(separator: "\n"))")
    }

    private static func withReturns(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : $0 == 0x0d ? [] : [$0] }
    }

    @Test(.enabled(if: SharedSuite.isThere("mail-parser"), "the samples lie beside the checkout"))
    func `dates of headers are the moments that mail-parser reads`() throws {
        let file = try #require(try SharedSuite.files("mail-parser").first { $0.path.hasSuffix("resources/date.json") })
        let cases = try JSONDecoder().decode(JSONValue.self, from: Data(file.bytes)).elements
        var missed: [String] = []
        for sample in cases {
            guard let header = sample["header"]?.stringValue else { continue }
            let expected = sample["expected"].flatMap(Expectation.moment)
            let message = Array("Subject: x\nDate: \(header)\n\ny".utf8)
            let article = try Reading(of: MailFormat().open(HeldBytes(message), .sample(bytes: message.count))).articles
                .first
            if article?.published != expected {
                missed.append(
                    "\(header): \(article?.published.map { "\($0)" } ?? "none") is not \(expected.map { "\($0)" } ?? "none")"
                )
            }
        }
        print("mail-parser dates: \(cases.count - missed.count) of \(cases.count)")
        // One of numbers alone, which we take for no date, and one whose second line is no line of a header.
        #expect(missed.count <= 2, "\(missed.joined(separator: "\n"))")
    }

    @Test(.enabled(if: SharedSuite.isThere("mail-parser"), "the samples lie beside the checkout"))
    func `every sample that is a mail is recognized by its content`() throws {
        var missed: [String] = []
        for (path, bytes) in try SharedSuite.files("mail-parser") where path.hasSuffix(".eml") {
            if !MailFormat().recognizes(bytes, name: Array("mail.eml".utf8)) { missed.append(path) }
        }
        #expect(missed.isEmpty, "\(missed)")
    }
}

extension JSONValue {
    /// The elements of an array.
    fileprivate var elements: [JSONValue] { arrayValue ?? [] }
}
