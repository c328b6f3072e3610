import Articles
import FoundationEssentials
import HTTP

extension Site {
    /// `/articles/{id}`: the article, what the workers made of it, and its journey.
    func articlePage(_ id: String) throws -> Response {
        do {
            let (row, record, files) = try known(id)
            let article = try JSONDecoder().decode(Article.self, from: Data(record))
            return html(ArticlePage.render(article, row, files))
        } catch let hidden as HiddenArticle {
            return html(ArticlePage.hidden(hidden), status: hidden.problem.status)
        } catch let problem as Problem where problem.status == 404 {
            return html(ArticlePage.missing(problem.detail), status: 404)
        }
    }

    /// `/search`: the form and what was found.
    func searchPage(_ request: HTTP.Request) throws -> Response {
        let question = try SearchQuestion(request)
        guard !question.text.isEmpty else { return html(SearchPage.render(question, .nothingAsked)) }
        do {
            return html(SearchPage.render(question, .found(try JSONValue(json: hits(question)))))
        } catch let problem as Problem {
            return html(SearchPage.render(question, .problem(problem.detail)), status: problem.status)
        }
    }
}
