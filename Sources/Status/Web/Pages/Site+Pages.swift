import Articles
import FoundationEssentials
import HTTP
import Messaging

extension Site {
    /// The pages, with those of files, of the quarantine and of searches.
    static let pageRoutes: [Route] =
        [
            .get("/", Site.overviewPage),
            .get("/articles", Site.articlesPage),
            .get("/articles/{id}", Site.articlePage),
            .get("/sources", Site.sourcesPage),
            .get("/sources/{name}", Site.sourcePage),
            .get("/failures", Site.failuresPage),
        ] + fileRoutes + quarantinePageRoutes + searchPageRoutes

    /// `/`: everything at a glance.
    func overviewPage(_ request: HTTP.Request, _: String) throws -> Response {
        html(OverviewPage.render(try snapshot()) { formToken(for: $0, request) })
    }

    /// `/articles`: the articles that are shown, the last first.
    func articlesPage(_ request: HTTP.Request, _: String) throws -> Response {
        let before = try request.number("before", in: Int64(1)...Int64.max)
        let after = try request.number("after", in: Int64(0)...Int64.max)
        let place: ListPlace = before.map { .before($0) } ?? after.map { .after($0) } ?? .end
        var form = try articlesForm(request)
        let (page, kinds) = try store.read { [form] reader in
            (
                try reader.articles(form.filter, at: place, limit: ArticlesPage.limit),
                try reader.totals().results.keys.sorted()
            )
        }
        form.kinds = kinds
        return html(ArticlesPage.render(page, form, isFirst: place == .end))
    }

    private func articlesForm(_ request: HTTP.Request) throws(Problem) -> ArticlesPage.Form {
        let asked = request.query
        func day(_ name: String) throws(Problem) -> Timestamp? {
            guard let text = asked.value(name) else { return nil }
            guard let day = Timestamp("\(text)T00:00:00Z") else {
                throw .badRequest("'\(name)' is a day such as 2026-02-26.", parameter: name)
            }
            return day
        }
        var filter = ArticleFilter()
        filter.source = asked.value("source")
        filter.language = asked.value("language")
        filter.verdict = asked.value("verdict")
        filter.from = try day("from")
        filter.to = try day("to").map { Timestamp(milliseconds: $0.milliseconds + 86_400_000) }
        filter.work = asked.value("failed").flatMap { ArticleFilter.Work(kind: $0, word: "failed") }
        return ArticlesPage.Form(
            filter: filter, from: asked.value("from"), to: asked.value("to"),
            sources: board.sources().shown.map(\.source), kinds: [])
    }

    /// `/articles/{id}`: the article, what the workers made of it, its story and its journey.
    func articlePage(_ request: HTTP.Request, _ id: String) throws -> Response {
        do {
            let (row, record, files) = try known(id)
            let article = try JSONDecoder().decode(Article.self, from: Data(record))
            let (story, others, problem) = story(of: row)
            let members = try store.read { try ShownArticle.members(of: row, story: story, $0) }
            return html(
                ArticlePage.render(
                    ShownArticle(
                        article: article, row: row, recordBytes: record.count, files: files, members: members,
                        others: others, storyProblem: problem)))
        } catch let hidden as HiddenArticle {
            return html(ArticlePage.hidden(hidden), status: hidden.problem.status)
        } catch let problem as Problem where problem.status == 404 {
            return html(ArticlePage.missing(problem.detail), status: 404)
        }
    }

    /// The ids of an article's story, of which the index knows the members; how many more there are; and why that is not
    /// known.
    private func story(of row: StoreReader.ArticleRow) -> (ids: [ArticleID], others: Int, problem: String?) {
        guard let story = ShownArticle.story(of: row) else {
            return ([], 0, "Its story is known when the deduplicator has judged it.")
        }
        do {
            let question = SearchQuestion(text: "story:\(story)", limit: ShownArticle.mostMembers, sort: "arrival")
            let found = try JSONValue(json: hits(question))
            let ids = (found["hits"]?.arrayValue ?? []).compactMap { ArticleID($0["id"]?.stringValue ?? "") }
            return (ids, max(0, Int(clamping: found["total"]?.integerValue ?? 0) - ids.count), nil)
        } catch {
            let detail = (error as? Problem)?.detail ?? "The index does not answer."
            return ([], 0, "The others of its story cannot be listed. \(detail)")
        }
    }

    /// `/sources`: the sources with their history.
    func sourcesPage(_ request: HTTP.Request, _: String) -> Response { html(SourcesPage.render(board.sources())) }

    /// `/sources/{name}`: a source with its history and its last articles.
    func sourcePage(_ request: HTTP.Request, _ name: String) throws -> Response {
        let cards = try store.read { try $0.articles(limit: 20, source: name).map(StatusSnapshot.Card.init) }
        let standing = board.sources().shown.first { $0.source == name }
        return html(SourcesPage.render(name, standing, cards), status: standing == nil && cards.isEmpty ? 404 : 200)
    }

    /// `/failures`: the articles that a worker has failed on, the last first.
    func failuresPage(_ request: HTTP.Request, _: String) throws -> Response {
        let asked = request.query
        let after = try asked.value("after").map { text throws(Problem) in
            guard let place = FailurePlace(text) else {
                throw .badRequest("'after' is what a page of this list has said.")
            }
            return place
        }
        let filter = FailureFilter(
            kind: asked.value("kind"), source: asked.value("source"),
            isDead: asked.value("dead").map { $0 == "yes" })
        let (page, counts, totals) = try store.read { reader in
            (
                try reader.failures(filter, after: after, limit: FailuresPage.limit), try reader.failureCounts(),
                try reader.totals()
            )
        }
        return html(
            FailuresPage.render(
                page, filter, counts: counts, kinds: totals.results.keys.sorted(), isFirst: after == nil,
                token: formToken(for: FailureList.action, request)))
    }
}
