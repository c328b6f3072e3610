import Articles
import Messaging

/// Quarantined files as every list shows them.
enum QuarantineList {
    /// Writes the list, each file with its ways out, or that there is none.
    static func write(
        _ files: [StatusSnapshot.Quarantined], now: Timestamp, token: String, _ html: inout HTMLWriter
    ) {
        guard !files.isEmpty else {
            html.markup("<p class=\"empty\">Nothing is in quarantine.</p>")
            return
        }
        html.markup("<ul class=\"list\" id=\"quarantine\">")
        for file in files {
            html.markup("<li data-key=\"")
            html.text("\(file.stream?.description ?? "")/\(file.directory)/\(file.path)")
            html.markup("\"><p class=\"path\">")
            html.link(to: QuarantinePage.path(of: file))
            html.foreign(file.path, atMost: 600)
            html.markup("</a></p><p class=\"about\">")
            ArticleList.chip(file.code, &html)
            html.foreign(file.message, atMost: 1000)
            html.markup(" · ")
            html.time(file.time, now: now)
            html.markup("</p>")
            if file.isWhole {
                let meant = QuarantinedFile(name: file.path, directory: file.directory, stream: file.stream)
                ActionForm(
                    path: QuarantinePage.action, token: token, fields: QuarantinePage.fields(of: meant),
                    choices: ActionForm.retryOrDiscard, about: file.path
                ).write(to: &html)
            }
            html.markup("</li>")
        }
        html.markup("</ul>")
    }
}
