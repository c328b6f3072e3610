import Hashing

/// What a dropped file has in it, and what must come of it.
struct Content: Sendable {
    /// Why a file has no article.
    enum Fault: CaseIterable { case empty, binary, headless, tooLarge }

    /// What must come of it, where the watcher reads it whole.
    struct Expectation: Sendable {
        /// The numbers of the articles in it.
        var articles: [Int] = []
        /// Some of its parts are bad.
        var isDamaged = false
        /// The digests of bad parts, which are kept in the quarantine where the others are published.
        var badParts: [[UInt8]] = []
        /// What metadata beside it says of the section.
        var section: String?
    }

    let bytes: [UInt8]
    let digest: [UInt8]
    let expectation: Expectation

    private init(_ bytes: [UInt8], _ expectation: Expectation) {
        self.bytes = bytes
        self.expectation = expectation
        digest = SHA256.hash(bytes)
    }

    /// A good file of one article.
    static func article(_ number: Int) -> Content {
        Content(Text(number: number).native, Expectation(articles: [number]))
    }

    /// A container of articles, and of bad members between them.
    static func container(_ kind: Container, _ numbers: [Int], bad: [Int]) -> Content {
        var members = numbers.map { ("\($0).txt", Text(number: $0).native) }
        var badParts: [[UInt8]] = []
        for number in bad {
            let content = Content.bad(.binary, number)
            members.insert(("bad-\(number).txt", content.bytes), at: number % (members.count + 1))
            badParts.append(content.digest)
        }
        let expectation = Expectation(articles: numbers, isDamaged: !bad.isEmpty, badParts: badParts)
        return Content(kind.bytes(of: members), expectation)
    }

    /// The same content where metadata lies beside it.
    func described(section: String) -> Content {
        var expectation = expectation
        expectation.section = section
        return Content(bytes, expectation)
    }

    /// The same content where nothing must come of it, as its checksum is another one.
    var withWrongChecksum: Content { Content(bytes, Expectation(isDamaged: true)) }

    /// A file without an article.
    static func bad(_ fault: Fault, _ number: Int) -> Content {
        let text = Text(number: number)
        let bytes: [UInt8] =
            switch fault {
            case .empty: Array(repeating: UInt8(ascii: "\n"), count: number % 3)
            case .binary: text.native + [0, 1, 2, 0]
            case .headless: Array("2026-03-04 10:00:00\n\n\(text.body)\n".utf8)
            case .tooLarge:
                text.native + Array(repeating: UInt8(ascii: "x"), count: DropSite.maximumArticleBytes)
            }
        return Content(bytes, Expectation(isDamaged: true))
    }
}
