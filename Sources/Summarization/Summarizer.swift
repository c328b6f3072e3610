import TextAnalysis

/// Picks the sentences of an article that say most of it, and its key phrases. Deterministic, and without a network.
///
/// A sentence's score is its centrality (the weights of the terms that it shares with the rest of the article), its
/// place, and a malus for questions and quotations; chosen sentences cost those that repeat them. See ``Weights``.
/// It keeps stemmers and buffers and so has one owner.
package final class Summarizer {
    private var extractor: Extractor

    /// More of a text is not looked at: what matters in news comes before.
    private static let mostBytes = 200_000

    /// Makes a summarizer that gives sentences within a budget, and at most so many key phrases.
    package init(budget: Budget = Budget(), phrases: Int = 8) {
        extractor = Extractor(budget: budget, phrases: phrases)
    }

    /// Returns the summary of a plain text; the same input gives the same summary.
    ///
    /// - Parameter language: BCP 47, or `und`: then guessed by its stop words.
    package func summarize(title: String?, body: String, language: String) -> Summary {
        var body = body
        return body.withUTF8 { bytes in
            let text = UnsafeBufferPointer(rebasing: bytes[..<Self.limit(bytes)])
            return extractor.summarize(title: title ?? "", text: text, language: language)
        }
    }

    /// Returns the first sentences of a text, as many as the budget has room for: of an abstract, which is a summary.
    package func lead(_ text: String, language: String) -> [String] {
        var text = text
        return text.withUTF8 { bytes in
            extractor.lead(UnsafeBufferPointer(rebasing: bytes[..<Self.limit(bytes)]), language: language)
        }
    }

    private static func limit(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard bytes.count > mostBytes else { return bytes.count }
        var limit = mostBytes
        while limit > 0, bytes[limit] & 0xc0 == 0x80 { limit -= 1 }
        return limit
    }
}
