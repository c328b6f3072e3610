import FoundationEssentials
import Messaging

/// A record of a stream: its position, and its bytes as they stand in the log.
///
/// The bytes are read when it is asked for ``content``, ``article`` or ``topic``, each time: keep what you got. Whoever only
/// passes bytes on pays nothing for that.
public struct Record: Sendable {
    /// What stands in a record, read.
    @nonexhaustive
    public enum Content: Sendable {
        /// An article.
        case article(Article)
        /// An article is withdrawn.
        case kill(KillRecord)
        /// What became of a dropped file.
        case file(FileRecord)
        /// What a worker made of an article.
        case result(ResultRecord)
        /// An article met a saved search.
        case match(MatchRecord)
        /// An article was erased.
        case gone(GoneRecord)
        /// A record of a type that this version does not know.
        case other
    }

    /// Where it stands.
    public let position: Position
    /// One JSON object in UTF-8, the same bytes everywhere.
    public let bytes: [UInt8]
    /// What it is; nil for a type that this version does not know.
    public let type: RecordType?

    init(_ position: Messaging.Position, _ bytes: [UInt8]) {
        self.position = Position(position)
        self.bytes = bytes
        type = Messaging.RecordType.of(bytes).flatMap { RecordType(rawValue: $0.rawValue) }
    }

    /// What stands in it.
    ///
    /// - Throws: `DecodingError` where its bytes are not what a record of its type is.
    public var content: Content {
        get throws {
            func read<Body: Decodable>(_ type: Body.Type) throws -> Body {
                try JSONDecoder().decode(type, from: Data(bytes))
            }
            return switch type {
            case .article: .article(try read(Article.self))
            case .kill: .kill(try read(KillRecord.self))
            case .file: .file(try read(FileRecord.self))
            case .result: .result(try read(ResultRecord.self))
            case .match: .match(try read(MatchRecord.self))
            case .gone: .gone(try read(GoneRecord.self))
            case nil: .other
            }
        }
    }

    /// The article; nil where it is a record of another type.
    ///
    /// - Throws: `DecodingError` where its bytes are not an article.
    public var article: Article? {
        get throws { if type == .article, case .article(let article) = try content { article } else { nil } }
    }

    /// The topic that it was committed under, where the record itself says it: of an article, a file, a result and a match.
    public var topic: String? {
        switch try? content {
        case .article(let article): Topic.article(source: article.source, language: article.language).description
        case .file(let file): Topic.file(source: file.source, outcome: file.outcome).description
        case .result(let result): Topic.result(kind: result.kind).description
        case .match(let match): Topic.match(name: match.name).description
        case .kill, .gone, .other, nil: nil
        }
    }
}
