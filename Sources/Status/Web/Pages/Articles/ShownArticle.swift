import Articles
import FoundationEssentials
import Messaging

/// An article as its page shows it: with its files, and with the others of its story.
struct ShownArticle {
    /// An article of the story, or another version.
    struct Member {
        var row: StoreReader.ArticleRow
        /// What it is compared with: the version or article that it was found to repeat or to revise.
        var base: String?
        /// Both, where they are to be compared.
        var texts: (old: Article, new: Article)?

        /// The deduplicator's result.
        var judgement: JSONValue? { row.outcome(of: "deduplicate") }
    }

    var article: Article
    var row: StoreReader.ArticleRow
    var recordBytes: Int
    var files: [StoreReader.FileRow]
    /// Its story and its versions, the first that came in first; with the article itself.
    var members: [Member]
    /// How many more the story has.
    var others: Int
    /// Why the story is not listed; nil where it is.
    var storyProblem: String?

    /// The id of its story; nil until it is judged.
    static func story(of row: StoreReader.ArticleRow) -> ArticleID? {
        let judgement = row.outcome(of: "deduplicate")
        return judgement?["story"]?.stringValue.flatMap { ArticleID($0) }
    }

    /// The most articles of a story that are listed, and the most that are compared.
    static let mostMembers = 20
    private static let mostCompared = 8
    /// A longer record is not compared.
    private static let longestRecord = 512 << 10

    /// Gathers its versions and those of the given ids.
    static func members(
        of row: StoreReader.ArticleRow, story ids: [ArticleID], _ reader: StoreReader
    ) throws -> [Member] {
        var rows = [row]
        if let uri = row.uri { rows += try reader.articles(source: row.source, uri: uri, limit: mostMembers) }
        for id in ids { rows += try reader.articles(id: id, limit: 1) }
        var seen: Set<Int64> = []
        rows = rows.filter { seen.insert($0.row).inserted }.sorted { $0.row < $1.row }
        // The article itself stays, however many there are.
        if rows.count > mostMembers {
            let first = rows.prefix(mostMembers - 1).filter { $0.row != row.row }
            rows = (first + [row]).sorted { $0.row < $1.row }
        }
        var compared = 0
        return try rows.enumerated().map { index, member in
            var shown = Member(row: member)
            let before = rows[..<index].last { $0.uri != nil && $0.uri == member.uri && $0.source == member.source }
            shown.base = shown.judgement?["first"]?.stringValue.flatMap { ArticleID($0)?.description } ?? before?.id
            guard let base = shown.base, base != member.id, !member.isHidden, compared < mostCompared,
                let id = ArticleID(base),
                let old = try rows.first(where: { $0.id == base })
                    ?? reader.articles(id: id, limit: 1).first, !old.isHidden,
                let first = try read(old, reader), let second = try read(member, reader)
            else { return shown }
            compared += 1
            shown.texts = (first, second)
            return shown
        }
    }

    private static func read(_ row: StoreReader.ArticleRow, _ reader: StoreReader) throws -> Article? {
        guard let record = try reader.record(of: row), record.count <= longestRecord else { return nil }
        return try? JSONDecoder().decode(Article.self, from: Data(record))
    }
}
