import Articles
import Messaging

extension ArticlePage {
    /// The story: each article and version in the order of arrival, with what it added to the one that it repeats or revises.
    static func story(_ shown: ShownArticle, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-story\"><h2 id=\"h-story\">Story</h2>")
        if let problem = shown.storyProblem {
            html.markup("<p class=\"about\">")
            html.foreign(problem, atMost: 400)
            html.markup("</p>")
        }
        guard shown.members.count > 1 else {
            html.markup("<p class=\"empty\">Nothing else of this story has come in.</p></section>")
            return
        }
        html.markup("<ol class=\"list story\">")
        for member in shown.members { write(member, of: shown, now, &html) }
        html.markup("</ol>")
        if shown.others > 0 {
            html.markup("<p class=\"about\">")
            html.text("and \(Wording.count(shown.others, "more article")) of this story: ")
            html.link(to: "/search?q=story%3A\(ShownArticle.story(of: shown.row)?.description ?? "")")
            html.markup("all of them</a></p>")
        }
        html.markup("</section>")
    }

    private static func write(
        _ member: ShownArticle.Member, of shown: ShownArticle, _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        let row = member.row
        let isThis = row.row == shown.row.row
        html.markup(isThis ? "<li aria-current=\"true\" data-key=\"" : "<li data-key=\"")
        html.text("\(row.row)")
        html.markup("\"><h3>")
        if isThis {
            html.foreign(row.title ?? "Without a title", atMost: 1200)
            html.markup(" <small>this one</small>")
        } else {
            html.link(to: "/articles/\(row.id)")
            html.foreign(row.isHidden ? "It is not to be shown" : row.title ?? "Without a title", atMost: 1200)
            html.markup("</a>")
        }
        html.markup("</h3><p class=\"about\">")
        if let verdict = member.judgement?["verdict"]?.stringValue {
            ArticleList.chip(verdict, isGood: verdict == "unique", &html)
        }
        if row.standing != .current { ArticleList.chip(row.standing.word, &html) }
        html.foreign(row.source, atMost: 200)
        if let version = row.version {
            html.markup(" · version ")
            html.foreign(version, atMost: 100)
        }
        if let similarity = member.judgement?["similarity"]?.doubleValue, similarity > 0 {
            html.text(" · \(Int((similarity * 100).rounded())) % alike")
        }
        html.markup(" · ")
        html.time(Timestamp(milliseconds: row.position.timeMilliseconds), now: now)
        html.markup("</p>")
        if let texts = member.texts {
            html.markup(isThis ? "<details open><summary>What it added" : "<details><summary>What it added")
            if let base = member.base, let first = shown.members.first(where: { $0.row.id == base }) {
                html.markup(" to ")
                html.foreign(name(of: first.row), atMost: 400)
            }
            html.markup("</summary>")
            Difference.write(from: texts.old, to: texts.new, &html)
            html.markup("</details>")
        } else if let base = member.base, base != row.id, !row.isHidden {
            html.markup("<p class=\"about\">It is compared with ")
            html.link(to: "/articles/\(base)")
            html.markup("this one</a>, which is not kept here any more or too long.</p>")
        }
        html.markup("</li>")
    }

    private static func name(of row: StoreReader.ArticleRow) -> String {
        let version = row.version.map { ", version \($0)" } ?? ""
        return "“\((row.title ?? "Without a title").prefix(80))” (\(row.source)\(version))"
    }
}
