import Articles

/// Writes what one text added to another, with what it took away.
enum Difference {
    /// The most bytes of text that are written; how many words of what stayed the same are shown beside a change.
    private enum Limit {
        static let bytes = 6 << 10
        static let beside = 12
        /// A longer text is not compared.
        static let text = 256 << 10
    }

    /// Writes the difference between two versions of an article, their titles first.
    static func write(from old: Article, to new: Article, _ html: inout HTMLWriter) {
        let (before, after) = (text(of: old), text(of: new))
        guard before != after else {
            html.markup("<p class=\"about\">Its words are the same.</p>")
            return
        }
        guard before.utf8.count <= Limit.text, after.utf8.count <= Limit.text,
            let difference = WordDiff(from: before, to: after)
        else {
            html.markup("<p class=\"about\">It has too little in common with it to be compared word by word.</p>")
            return
        }
        html.markup("<p class=\"about\">")
        html.text(
            "\(Wording.count(difference.added, "word")) added, \(Wording.count(difference.removed, "word")) removed")
        html.markup("</p>")
        write(difference, &html)
    }

    private static func text(of article: Article) -> String {
        [article.title, article.subtitle, article.abstract, article.body].compactMap { $0 }.joined(separator: "\n\n")
    }

    private static func write(_ difference: WordDiff, _ html: inout HTMLWriter) {
        var room = Limit.bytes
        html.markup("<p class=\"difference\"><bdi>")
        let last = difference.pieces.count - 1
        for (index, piece) in difference.pieces.enumerated() {
            let shown =
                piece.kind == .same ? shortened(piece.text, isFirst: index == 0, isLast: index == last) : piece.text
            switch piece.kind {
            case .same: html.text(shown, atMost: room)
            case .removed:
                html.markup("<del>")
                html.text(shown, atMost: room)
                html.markup("</del>")
            case .added:
                html.markup("<ins>")
                html.text(shown, atMost: room)
                html.markup("</ins>")
            }
            room -= shown.utf8.count
            if room <= 0 { break }
        }
        html.markup("</bdi></p>")
        if room <= 0 { html.markup("<p class=\"about\">There are more differences than are shown.</p>") }
    }

    /// Leaves the middle of a long passage out that is the same in both.
    private static func shortened(_ text: String, isFirst: Bool, isLast: Bool) -> String {
        let words = text.split(whereSeparator: \.isWhitespace)
        let kept = (isFirst ? 0 : Limit.beside) + (isLast ? 0 : Limit.beside)
        guard words.count > kept + Limit.beside else { return text }
        let head = isFirst ? "" : words.prefix(Limit.beside).joined(separator: " ") + " "
        let tail = isLast ? "" : " " + words.suffix(Limit.beside).joined(separator: " ")
        // What stood behind the last word parts it from what follows.
        let space = text.reversed().prefix { $0.isWhitespace }
        return "\(head)[…]\(tail)" + String(space.reversed())
    }
}
