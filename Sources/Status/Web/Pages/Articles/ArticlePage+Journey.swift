import Articles
import Messaging

extension ArticlePage {
    /// The way from the file to each worker, with times, and what is kept of it.
    static func journey(
        _ row: StoreReader.ArticleRow, _ files: [StoreReader.FileRow], _ now: Timestamp, _ html: inout HTMLWriter
    ) {
        html.markup("<section aria-labelledby=\"h-journey\"><h2 id=\"h-journey\">Journey</h2>")
        html.markup("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"The steps, to be scrolled\">")
        html.markup("<table><caption class=\"unseen\">What became of it, and when</caption><thead><tr>")
        html.markup("<th scope=\"col\">Step</th><th scope=\"col\">What</th>")
        html.markup(
            "<th scope=\"col\" class=\"n\">After</th><th scope=\"col\" class=\"n\">When</th></tr></thead><tbody>")
        let committed = row.position.timeMilliseconds
        func step(
            _ name: String, _ time: Timestamp, isBad: Bool = false, _ what: (inout HTMLWriter) -> Void
        ) {
            html.markup("<tr><th scope=\"row\">")
            html.foreign(name, atMost: 80)
            html.markup(isBad ? "</th><td class=\"bad\">" : "</th><td>")
            what(&html)
            html.markup("</td><td class=\"n\">")
            html.text(time.milliseconds > committed ? Wording.delay(time.milliseconds - committed) : "–")
            html.markup("</td><td class=\"n\">")
            html.time(time, now: now)
            html.markup("</td></tr>")
        }
        if let received = row.received {
            step("file read", received) { html in
                guard let path = row.path else { return }
                html.link(to: FilePage.path(of: path))
                html.foreign(path, atMost: 600)
                html.markup("</a>")
            }
        }
        step("on the log", Timestamp(milliseconds: committed)) { html in
            html.text("stream \(row.position.stream), number \(Wording.number(row.position.seq))")
        }
        for file in files.prefix(20) {
            let outcome = (try? JSONValue(json: file.record))?["outcome"]?.stringValue ?? ""
            step("file closed", Timestamp(milliseconds: file.position.timeMilliseconds)) { $0.text(outcome) }
        }
        for result in row.results.prefix(70) {
            let isBad = result.status == "failed"
            step(result.kind, Timestamp(milliseconds: result.timeMilliseconds), isBad: isBad) { html in
                html.foreign(words(of: result), atMost: 1200)
            }
        }
        html.markup("</tbody></table></div></section>")
    }

    /// What a worker found, in words.
    private static func words(of result: StoreReader.ResultRow) -> String {
        let data = result.data
        let word = (data["verdict"] ?? data["action"] ?? data["reason"])?.stringValue
        // What a worker of others' found stands there as it is; a summary has a place of its own.
        let found = word ?? (result.kind == "summarize" ? nil : members(of: data))
        let attempt = result.attempt > 1 ? "attempt \(Wording.number(result.attempt))" : nil
        let dead = data["dead"] == .boolean(true) ? "given up" : nil
        return [result.status, found.map { String($0.prefix(300)) }, attempt, dead].compactMap { $0 }
            .joined(separator: " · ")
    }

    /// The members of what was found as JSON; nil where there are none.
    private static func members(of data: JSONValue) -> String? {
        guard case .object(let members) = data, !members.isEmpty else { return nil }
        var writer = JSONWriter(capacity: 256)
        data.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
