import Articles
import Messaging

extension OverviewPage {
    /// Who reads the logs, and how far everybody is.
    static func consumers(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        let rows = snapshot.readers
        guard !rows.isEmpty else { return }
        html.markup("<section aria-labelledby=\"h-consumers\"><h2 id=\"h-consumers\">Consumers</h2><table>")
        html.markup("<caption class=\"unseen\">Consumers and groups, and what waits for each</caption><thead><tr>")
        html.markup("<th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Waiting</th>")
        html.markup("<th scope=\"col\" class=\"n\">Oldest</th><th scope=\"col\" class=\"n\">Dead</th></tr></thead>")
        html.markup("<tbody>")
        for row in rows { write(row, &html) }
        html.markup("</tbody></table></section>")
    }

    private static func write(_ row: ReaderRow, _ html: inout HTMLWriter) {
        html.markup("<tr data-key=\"")
        html.text("\(row.stream)/\(row.path ?? row.name)")
        html.markup("\"><th scope=\"row\">")
        if let path = row.path {
            html.markup("<a href=\"")
            html.text(path)
            html.markup("\">")
            html.foreign(row.name)
            html.markup("</a>")
        } else {
            html.foreign(row.name)
        }
        html.markup("<small>")
        html.foreign(row.stream)
        html.text(row.details.map { " · \($0)" }.joined())
        html.markup("</small>")
        if let trouble = row.trouble {
            html.markup("<small class=\"bad\">")
            html.text(trouble)
            html.markup("</small>")
        }
        html.markup("</th><td class=\"n")
        html.markup(row.lag == 0 ? " none\">" : "\">")
        html.number(row.lag)
        html.markup("</td><td class=\"n")
        html.markup(row.lagSeconds == 0 ? " none\">" : "\">")
        html.text(row.lagSeconds == 0 ? "–" : Wording.span(row.lagSeconds))
        html.markup("</td><td class=\"n")
        html.markup(row.dead ?? 0 > 0 ? " bad\">" : " none\">")
        if let dead = row.dead { html.number(dead) } else { html.markup("–") }
        html.markup("</td></tr>")
    }
}
