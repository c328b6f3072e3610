import Articles
import Messaging

/// Failures of workers as every list shows them.
enum FailureList {
    /// What its forms post to.
    static let action = "/api/v1/failures"

    /// Writes the list, each failure with its ways out, or that there is none.
    static func write(_ failures: [FailureRow], now: Timestamp, token: String, _ html: inout HTMLWriter) {
        guard !failures.isEmpty else {
            html.markup("<p class=\"empty\">No worker has failed on an article.</p>")
            return
        }
        html.markup("<ul class=\"list\" id=\"failures\">")
        for failure in failures { write(failure, now, token, &html) }
        html.markup("</ul>")
    }

    private static func write(_ failure: FailureRow, _ now: Timestamp, _ token: String, _ html: inout HTMLWriter) {
        let position = failure.position
        html.markup("<li data-key=\"")
        html.text("\(position.stream)/\(position.epoch)/\(position.seq)/\(failure.kind)")
        html.markup("\"><h3>")
        if let id = failure.id { html.link(to: "/articles/\(id)") }
        html.foreign(failure.title ?? "Record \(Wording.number(position.seq))", atMost: 1200)
        if failure.id != nil { html.markup("</a>") }
        html.markup("</h3><p class=\"about\">")
        ArticleList.chip(failure.kind, &html)
        if let code = failure.code { ArticleList.chip(code, &html) }
        if let source = failure.source {
            html.foreign(source, atMost: 200)
            html.markup(" · ")
        }
        html.text(Wording.count(failure.attempt, "attempt"))
        html.text(failure.isDead ? " · given up · " : " · it is tried again · ")
        html.time(Timestamp(milliseconds: position.timeMilliseconds), now: now)
        html.markup("</p><p class=\"bad\">")
        html.foreign(failure.reason, atMost: 1200)
        html.markup("</p>")
        ActionForm(
            path: action, token: token,
            fields: [
                ("kind", failure.kind), ("stream", position.stream.description), ("epoch", "\(position.epoch)"),
                ("seq", "\(position.seq)"),
            ], choices: ActionForm.retryOrDiscard, about: failure.title
        ).write(to: &html)
        html.markup("</li>")
    }
}
