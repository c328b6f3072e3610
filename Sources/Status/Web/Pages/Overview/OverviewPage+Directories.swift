import Articles
import Messaging

extension OverviewPage {
    /// The drop directories and what waits in each.
    static func directories(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        guard !snapshot.directories.isEmpty else { return }
        html.markup("<section aria-labelledby=\"h-directories\"><h2 id=\"h-directories\">Drop directories</h2>")
        html.markup("<table class=\"folding directories\">")
        html.markup("<caption class=\"unseen\">Drop directories and what waits in them</caption><thead><tr>")
        html.markup("<th scope=\"col\">Directory</th><th scope=\"col\" class=\"n\">Waiting</th>")
        html.markup("<th scope=\"col\" class=\"n\">Settling</th><th scope=\"col\" class=\"n\">Blocked</th>")
        html.markup(
            "<th scope=\"col\" class=\"n\">Quarantine</th><th scope=\"col\" class=\"n\">Oldest</th></tr></thead>")
        html.markup("<tbody>")
        for row in snapshot.directories { write(row, snapshot.time, &html) }
        html.markup("</tbody></table>")
        if snapshot.otherDirectories.count > 0 {
            html.markup("<p class=\"about\" id=\"more-directories\">")
            html.text(more(snapshot.otherDirectories))
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    private static func write(_ row: DropDirectoryRow, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<tr data-key=\"")
        html.text("\(row.watcher)/\(row.directory.path)")
        html.markup("\"><th scope=\"row\"><span class=\"dot ")
        switch row.state {
        case .watched: html.markup("good")
        case .paused: html.markup("held")
        case .trouble, .silent: html.markup("bad")
        }
        html.markup("\">")
        html.text(row.state.rawValue)
        html.markup("</span> ")
        html.foreign(row.directory.path)
        html.markup("<small>")
        html.foreign(row.directory.source)
        // Where there is one watcher nobody asks which.
        if row.watcher != "watch" {
            html.markup(" · ")
            html.foreign(row.watcher)
        }
        html.text(details(of: row.directory).map { " · \($0)" }.joined())
        html.markup("</small>")
        if let since = row.pausedSince {
            html.markup("<small class=\"held\">paused by the operator, ")
            html.time(since, now: now)
            html.markup("</small>")
        }
        if let note = row.note {
            html.markup("<small class=\"bad\">")
            html.foreign(note)
            html.markup("</small>")
        }
        html.markup("</th>")
        let directory = row.directory
        number(directory.waiting, "Waiting", isBad: false, &html)
        number(directory.settling, "Settling", isBad: false, &html)
        number(directory.blocked, "Blocked", isBad: directory.blocked > 0, &html)
        number(directory.quarantined, "Quarantine", isBad: directory.quarantined ?? 0 > 0, &html)
        html.markup("<td class=\"n")
        html.markup(directory.oldestWaiting == nil ? " none" : "")
        html.markup("\" data-name=\"Oldest\">")
        if let oldest = directory.oldestWaiting {
            html.time(Timestamp(milliseconds: oldest), now: now)
        } else {
            html.markup("–")
        }
        html.markup("</td></tr>")
    }

    private static func number(_ number: Int?, _ name: StaticString, isBad: Bool, _ html: inout HTMLWriter) {
        html.markup("<td class=\"n")
        html.markup(isBad ? " bad" : number ?? 0 == 0 ? " none" : "")
        html.markup("\" data-name=\"")
        html.markup(name)
        html.markup("\">")
        if let number { html.number(number) } else { html.markup("–") }
        html.markup("</td>")
    }

    /// What else is worth saying of a directory.
    private static func details(of directory: DirectoryStatus) -> [String] {
        var details: [String] = []
        if directory.filesPerSecond > 0 { details.append("\(Wording.rate(directory.filesPerSecond)) files a second") }
        if directory.unaccompanied > 0 {
            details.append("\(Wording.number(directory.unaccompanied)) without their marker or checksum")
        }
        if directory.left > 0 { details.append("\(Wording.number(directory.left)) left in place") }
        if directory.priority != 0 { details.append("priority \(Wording.number(directory.priority))") }
        return details
    }

    /// A sentence about the directories that have no row.
    private static func more(_ sum: DirectoryList.Sum) -> String {
        let counts = [
            (sum.waiting, "waiting"), (sum.settling, "settling"), (sum.blocked, "blocked"),
            (sum.quarantined, "in quarantine"),
        ]
        var parts = counts.filter { $0.0 > 0 }.map { "\(Wording.number($0.0)) \($0.1)" }
        if sum.troubled > 0 { parts.append("\(Wording.number(sum.troubled)) of them in trouble") }
        if sum.paused > 0 { parts.append("\(Wording.number(sum.paused)) of them paused") }
        let noun = sum.count == 1 ? "directory" : "directories"
        return "and \(Wording.number(sum.count)) more \(noun): "
            + (parts.isEmpty ? "nothing waits there" : parts.joined(separator: ", "))
    }
}
