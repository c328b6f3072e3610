import Articles

extension OverviewPage {
    /// What takes room, and when there is none any more.
    static func storage(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        guard !snapshot.storage.isEmpty else { return }
        html.markup("<section aria-labelledby=\"h-storage\"><h2 id=\"h-storage\">Disk and retention</h2><table>")
        html.markup("<caption class=\"unseen\">What takes room, and when there is none any more</caption><thead><tr>")
        html.markup("<th scope=\"col\">Store</th><th scope=\"col\" class=\"n\">Size</th>")
        html.markup(
            "<th scope=\"col\" class=\"n\">A day</th><th scope=\"col\" class=\"n\">Full</th></tr></thead><tbody>")
        for standing in snapshot.storage.prefix(mostStores) { write(standing, snapshot.time, &html) }
        html.markup("</tbody></table></section>")
    }

    /// The most stores that are told one by one.
    private static let mostStores = 30

    private static func write(_ standing: StorageStanding, _ now: Timestamp, _ html: inout HTMLWriter) {
        let trouble = standing.trouble(at: now.milliseconds)
        html.markup("<tr data-key=\"")
        html.text(standing.name, atMost: 400)
        html.markup("\"><th scope=\"row\">")
        html.foreign(standing.name, atMost: 200)
        html.markup("<small>")
        var details: [String] = []
        if let free = standing.free { details.append("\(Wording.size(free)) free on its disk") }
        if let retention = standing.retentionSeconds { details.append("keeps \(Wording.span(retention))") }
        html.text(details.joined(separator: " · "))
        if let oldest = standing.oldest {
            html.markup(details.isEmpty ? "the oldest is from " : " · the oldest is from ")
            html.time(oldest, now: now)
        }
        html.markup("</small>")
        if let trouble {
            html.markup("<small class=\"bad\">")
            html.foreign(trouble, atMost: 600)
            html.markup("</small>")
        }
        html.markup("</th><td class=\"n\">")
        html.text(Wording.size(standing.bytes))
        if let limit = standing.limit { html.text(" of \(Wording.size(limit))") }
        html.markup("</td><td class=\"n\">")
        html.text(standing.bytesPerDay.map { "\($0 >= 0 ? "+" : "−")\(Wording.size(abs($0)))" } ?? "–")
        html.markup(trouble == nil ? "</td><td class=\"n\">" : "</td><td class=\"n bad\">")
        if let full = standing.fullAt { html.time(full, now: now) } else { html.markup("–") }
        html.markup("</td></tr>")
    }
}
