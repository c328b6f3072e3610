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
