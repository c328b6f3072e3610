import Articles
package import Formats
import LanguageDetection

/// Finds the language of the articles of another reader for which nothing says it.
package final class LanguageReader: PartReader {
    private let base: any PartReader

    /// Makes it around another reader.
    package init(_ base: any PartReader) { self.base = base }

    package var format: String { base.format }

    package func next() throws -> ParsedPart? {
        guard var part = try base.next() else { return nil }
        if case .article(var article) = part.content, article.lacksLanguage {
            article.settleLanguage()
            part.content = .article(article)
        }
        return part
    }
}

extension ParsedFile {
    /// Finds the language of the articles for which nothing says it.
    mutating func settleLanguages() {
        for index in articles.indices where articles[index].lacksLanguage { articles[index].settleLanguage() }
    }
}

extension Article {
    /// Neither the article nor its directory says the language.
    fileprivate var lacksLanguage: Bool { language == "und" || language.isEmpty }

    /// Takes the language that the article's words are in, where that is sure enough. The id is not derived from it.
    fileprivate mutating func settleLanguage() {
        var text: [UInt8] = []
        text.reserveCapacity(LanguageDetector.readBytes)
        for words in [title, subtitle, abstract, body] {
            guard let words, text.count < LanguageDetector.readBytes else { continue }
            text.append(contentsOf: words.utf8.prefix(LanguageDetector.readBytes - text.count))
            text.append(0x0a)
        }
        guard let found = LanguageDetector.standard.detect(text.span) else { return }
        language = found.tag
        ingest.languageConfidence = (found.confidence * 100).rounded() / 100
    }
}
