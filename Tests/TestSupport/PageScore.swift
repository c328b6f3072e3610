package import Articles
import FoundationEssentials
import Glibc

/// How much of what persons found on pages of HTML is found: main text, title, date and byline.
///
/// A text is found where its segments stand in the body and those of what surrounds it do not. A title is right where one
/// contains the other, without case; a date where the day of `published`, in UTC, is the same; a byline where one of the
/// names is among ours. White space counts as one space, and letters are compared as they are coded.
package struct PageScore {
    /// What a person found on a page.
    package struct Truth: Decodable {
        package let file: String
        let title: String?
        let date: String?
        let author: Names?
        let with: [String]
        let without: [String]

        /// Reads a file of them, which names each by its address.
        package static func read(_ file: [UInt8]) throws -> [Truth] {
            try JSONDecoder().decode([String: Truth].self, from: Data(file)).values.sorted { $0.file < $1.file }
        }
    }

    /// Names as one text or several.
    struct Names: Decodable {
        let all: [String]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let texts = try (try? container.decode([String].self)) ?? [container.decode(String.self)]
            all = texts.flatMap { $0.split { $0 == ";" || $0 == "," } }.map { PageScore.key($0) }
                .filter { !$0.isEmpty }
        }
    }

    /// How often what was found is what was to be found.
    package struct Share: CustomStringConvertible {
        private var hits = 0
        private var total = 0

        mutating func count(_ isHit: Bool) {
            total += 1
            hits += isHit ? 1 : 0
        }

        package var value: Double { Double(hits) / Double(max(1, total)) }
        package var description: String { "\(hits) of \(total)" }
    }

    package private(set) var titles = Share()
    package private(set) var dates = Share()
    package private(set) var bylines = Share()
    private var right = 0
    private var wrong = 0
    private var missed = 0

    package init() {}

    /// The harmonic mean of the share of segments that are found and the share of what is found that is to be found.
    package var segments: Double {
        let precision = Double(right) / Double(max(1, right + wrong))
        let recall = Double(right) / Double(max(1, right + missed))
        return 2 * precision * recall / max(1e-9, precision + recall)
    }

    /// Counts what was made of a page; nil where nothing was.
    package mutating func count(_ article: Article?, _ truth: Truth) {
        let body = PageScore.fold(article?.body ?? "")
        for segment in truth.with {
            if PageScore.holds(body, PageScore.fold(segment)) { right += 1 } else { missed += 1 }
        }
        for segment in truth.without where PageScore.holds(body, PageScore.fold(segment)) { wrong += 1 }
        if let title = truth.title.map(PageScore.key), !title.isEmpty {
            let found = PageScore.key(article?.title ?? "")
            titles.count(!found.isEmpty && (PageScore.holds(title, found) || PageScore.holds(found, title)))
        }
        if let date = truth.date, !date.isEmpty {
            dates.count(article?.published?.day == String(date.prefix(10)))
        }
        if let names = truth.author?.all, !names.isEmpty {
            let found = PageScore.key((article?.bylines ?? []).joined(separator: " ; "))
            bylines.count(names.contains { PageScore.holds(found, $0) })
        }
    }

    /// Whether a text contains another, byte by byte: strings of Swift would be equal in other codings of a letter, too.
    private static func holds(_ text: String, _ part: String) -> Bool {
        strstr(text, part) != nil
    }

    /// Folded text without case.
    private static func key(_ text: some StringProtocol) -> String {
        fold(text).lowercased().replacing("ß", with: "ss")
    }

    /// Text with each run of white space as one space, and none at its ends.
    private static func fold(_ text: some StringProtocol) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
