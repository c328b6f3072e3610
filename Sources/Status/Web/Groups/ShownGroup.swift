import Articles
import Messaging

/// A group as its log tells of it, with the articles of its dead letters.
struct ShownGroup {
    /// A record that nobody gets any more.
    struct Letter {
        var seq: UInt64
        var attempts: Int64
        var reason: String
        /// Nil where the status service does not know it: it is no article, or is gone.
        var article: StoreReader.ArticleRow?

        /// The letter as an object.
        var json: JSONValue {
            var members: [String: JSONValue] = [
                "seq": .integer(Int64(clamping: seq)), "attempts": .integer(attempts), "reason": .string(reason),
            ]
            if let article {
                members["id"] = .string(article.id)
                members["source"] = .string(article.source)
                members["title"] = article.title.map { .string($0) }
            }
            return .object(members)
        }
    }

    let log: ServedLog
    let reply: JSONValue
    let letters: [Letter]

    init(log: ServedLog, reply: JSONValue, articles: [StoreReader.ArticleRow]) {
        self.log = log
        self.reply = reply
        let known = Dictionary(articles.map { ($0.position.seq, $0) }) { _, last in last }
        letters = (reply["dead"]?.arrayValue ?? []).map { letter in
            let seq = UInt64(clamping: letter["seq"]?.integerValue ?? 0)
            return Letter(
                seq: seq, attempts: letter["attempts"]?.integerValue ?? 0, reason: letter["reason"]?.stringValue ?? "",
                article: known[seq])
        }
    }
}
