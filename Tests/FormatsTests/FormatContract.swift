import Articles
import Formats
import Synchronization
import TestSupport

/// What holds for everything that comes out of a file.
enum FormatContract {
    /// Returns what is wrong with what came out of a file; nil where nothing is.
    static func fault(in reading: Reading) -> String? {
        if reading.parts.isEmpty, reading.end == nil { return "the file is done, and nothing came of it" }
        for (index, part) in reading.parts.enumerated() {
            guard part.number == index + 1 else { return "part \(index + 1) has the number \(part.number)" }
            switch part.content {
            case .article(let article):
                if let fault = fault(in: article, part) { return "part \(part.number): \(fault)" }
            case .failed(let error):
                if let fault = fault(in: error) { return "part \(part.number): \(fault)" }
            case .ignored: break
            }
        }
        return reading.end.flatMap(fault)
    }

    private static func fault(in article: Article, _ part: ParsedPart) -> String? {
        let words = [article.title, article.subtitle, article.abstract, article.body, article.bodyHTML]
        if words.contains("") { return "a text is empty that should be absent" }
        let isHidden = article.pubStatus != .usable && article.uri != nil
        if words.allSatisfy({ $0 == nil }), article.media.isEmpty, article.kind == .text, !isHidden {
            return "the article has neither words nor media"
        }
        var derived = article
        derived.deriveID()
        if article.id != derived.id { return "the id is not that of the article's content" }
        if article.ingest.part != part.number { return "the article says part \(article.ingest.part)" }
        if article.ingest.member != part.member { return "the article says another member" }
        if article.ingest.format.isEmpty || article.ingest.encoding.isEmpty {
            return "the format or encoding is absent"
        }
        if article.source.isEmpty || article.language.isEmpty { return "the source or language is absent" }
        if Set(article.ingest.warnings).count != article.ingest.warnings.count { return "a warning is there twice" }
        return nil
    }

    private static func fault(in error: ParseError) -> String? {
        if error.format.isEmpty || error.message.isEmpty { return "the error has no format or message" }
        if error.message.unicodeScalars.contains(where: { $0.value < 0x20 }) { return "the message has control bytes" }
        if error.message.utf8.count > 1000 { return "the message has \(error.message.utf8.count) bytes" }
        return nil
    }

    /// Returns bytes in which something was changed: bits, a piece that is away, doubled or of other bytes.
    static func damaged(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8.random(in: 0...255, using: &random)] }
        var bytes = bytes
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let piece = start..<min(bytes.count, start + Int.random(in: 1...64, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[start] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 1: bytes.removeSubrange(piece)
        case 2: bytes.insert(contentsOf: bytes[piece], at: start)
        case 3: bytes.replaceSubrange(piece, with: Array(repeating: 0, count: piece.count))
        case 4: bytes.replaceSubrange(piece, with: piece.map { _ in UInt8.random(in: 0...255, using: &random) })
        default: bytes.insert(contentsOf: [0xed, 0xa0, 0x80, 0xc0, 0xaf, 0xff], at: start)
        }
        return bytes
    }
}

/// The explanations of what a file is read as.
final class Explanations: Sendable {
    private let told = Mutex<[Explanation]>([])

    /// All that were told.
    var all: [Explanation] { told.withLock { $0 } }

    func add(_ explanation: Explanation) { told.withLock { $0.append(explanation) } }
}
