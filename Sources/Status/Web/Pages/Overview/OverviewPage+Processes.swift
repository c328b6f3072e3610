import Articles
import Messaging

extension OverviewPage {
    /// Who is alive.
    static func processes(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-processes\"><h2 id=\"h-processes\">Processes</h2>")
        guard !snapshot.processes.isEmpty else {
            html.markup("<p class=\"empty\">No process has told of itself yet; each does every five seconds.</p>")
            html.markup("</section>")
            return
        }
        html.markup("<table><caption class=\"unseen\">Processes and what waits for them</caption><thead><tr>")
        html.markup("<th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Waiting</th>")
        html.markup("<th scope=\"col\" class=\"n\">Memory</th><th scope=\"col\" class=\"n\">Heard of</th></tr></thead>")
        html.markup("<tbody>")
        for process in snapshot.processes {
            let heartbeat = process.heartbeat
            html.markup("<tr data-key=\"")
            html.text("\(heartbeat.host)/\(heartbeat.name)")
            html.markup("\"><th scope=\"row\">")
            html.markup(process.isAlive ? "<span class=\"dot good\">" : "<span class=\"dot bad\">")
            html.text(process.isAlive ? "alive" : "silent")
            html.markup("</span> ")
            html.foreign(process.label, atMost: 200)
            html.markup("<small>")
            html.foreign(about(heartbeat), atMost: 400)
            html.markup("</small><small>")
            html.foreign(details(of: heartbeat), atMost: 1000)
            html.markup("</small></th><td class=\"n\">")
            html.number(heartbeat.lag)
            html.markup("</td><td class=\"n\">")
            html.text(Wording.bytes(heartbeat.residentBytes))
            html.markup("</td><td class=\"n\">")
            html.time(
                Timestamp(milliseconds: snapshot.time.milliseconds - milliseconds(process.age)), now: snapshot.time)
            html.markup("</td></tr>")
        }
        html.markup("</tbody></table></section>")
    }

    /// What it is, where it runs and since when.
    private static func about(_ heartbeat: Heartbeat) -> String {
        "\(heartbeat.version) at \(heartbeat.host) · up \(Wording.span(heartbeat.uptimeSeconds))"
    }

    private static func details(of heartbeat: Heartbeat) -> String {
        // Moments and flags are for programs.
        let numbers = heartbeat.numbers.filter {
            $0.value != 0 && !$0.key.hasSuffix("_ms") && !$0.key.hasSuffix("_done")
        }
        .sorted { $0.key < $1.key }.map {
            "\(Wording.number($0.value)) \($0.key.split(separator: "_").joined(separator: " "))"
        }
        return numbers.joined(separator: " · ")
    }
}
