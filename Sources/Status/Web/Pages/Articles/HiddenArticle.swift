import Articles
import Messaging

/// An article that was asked for, and that is not to be shown.
struct HiddenArticle: Error {
    var row: StoreReader.ArticleRow
    /// What withdrew it; nil where it is only withheld, or where that is not known any more.
    var kill: StoreReader.KillRow?
    /// What erased it; nil where nothing did.
    var erasure: GoneRecord?
    var files: [StoreReader.FileRow]

    /// The page's headline: that of the article is not shown.
    var title: String {
        if row.standing.isErased { return "Erased" }
        return row.standing == .killed ? "Withdrawn" : "Withheld"
    }

    /// What the API says.
    var problem: Problem {
        Problem(
            status: row.standing == .withheld ? 404 : 410, detail: detail,
            fields: ["standing": .string(row.standing.word)])
    }

    private var detail: String {
        if row.standing.isErased {
            guard let erasure else { return "The words of this article were erased." }
            let why = String(erasure.reason.prefix(1000))
            return "The words of this article were erased at \(erasure.erased)" + (why.isEmpty ? "." : ": \(why)")
        }
        guard row.standing == .killed else {
            return "'\(row.source)' withholds this article until it sends a version that is usable."
        }
        guard let kill else { return "'\(row.source)' has withdrawn this article, with all of its versions." }
        let time = Timestamp(milliseconds: kill.position.timeMilliseconds)
        let note = kill.kill.editorialNote.map { ": \(String($0.prefix(1000)))" } ?? "."
        return "Killed at \(time), by '\(row.source)', with all of its versions\(note)"
    }
}
