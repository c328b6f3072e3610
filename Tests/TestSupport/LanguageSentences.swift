import Archives
import FoundationEssentials

/// Sentences in many languages that lie beside the checkout, where there is one; they are not ours to keep.
package struct LanguageSentences: Sendable {
    /// What a sentence is for: none is for two things.
    package enum Purpose: Sendable {
        /// What is learned is learned from these.
        case training
        /// What is chosen, as a threshold, is chosen by these.
        case choosing
        /// Only measured.
        case measuring
    }

    /// A sentence, and what language it is said to be in.
    package struct Sentence: Sendable {
        /// A two-letter code.
        package let language: String
        package let text: [UInt8]
        package let purpose: Purpose
    }

    /// All of them, by language.
    package let sentences: [Sentence]

    /// The archive beside the checkout.
    package static let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "shared/data/languages/sentences.tar.xz"
        )
        .path
    /// Whether it is there.
    package static var areThere: Bool { FileManager.default.fileExists(atPath: path) }

    /// Twenty languages that much news is written in: three scripts that decide alone, one shared by few, and all of the
    /// close relatives among the large languages of Europe.
    package static let twenty = [
        "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "it", "ja", "ko", "nb", "nl", "pl", "pt", "ru", "sv",
        "tr",
        "zh",
    ]

    /// Reads an archive of files that are named after their language, a sentence a line.
    package init(path: String = LanguageSentences.path) throws {
        let archive = Array(try Data(contentsOf: URL(filePath: path)))
        let reader = try ArchiveReader(.tar, Decompressor(.xz, Whole(archive)))
        var files: [(language: String, bytes: [UInt8])] = []
        while let entry = try reader.next() {
            let name = String(decoding: entry.path, as: UTF8.self).split(separator: "/").last ?? ""
            guard entry.kind == .file, name.hasSuffix(".txt"), name.utf8.count == 6 else { continue }
            var bytes: [UInt8] = []
            while case let piece = try reader.read(upTo: 1 << 20), !piece.isEmpty { bytes += piece }
            files.append((String(name.prefix(2)), bytes))
        }
        sentences = files.sorted { $0.language < $1.language }.flatMap { language, bytes in
            bytes.split(separator: 0x0a).map { line in
                let text = Array(line)
                return Sentence(language: language, text: text, purpose: LanguageSentences.purpose(of: text))
            }
        }
    }

    /// By the text itself, so that a sentence that stands twice is not for two things: six in ten for training, three for
    /// measuring.
    private static func purpose(of text: [UInt8]) -> Purpose {
        let hash = text.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return switch (hash >> 32) % 10 {
        case 0...2: .measuring
        case 3: .choosing
        default: .training
        }
    }

    private final class Whole: ByteInput {
        private let bytes: [UInt8]
        private var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        func read(upTo count: Int) -> [UInt8] {
            let end = min(bytes.count, place + count)
            defer { place = end }
            return Array(bytes[place..<end])
        }
    }
}
