import Articles
import HTTP
import Messaging

/// The list of what lies in quarantine, and the page of one file of it.
enum QuarantinePage {
    /// Files of one page.
    static let limit = 50
    /// What both pages post to.
    static let action = "/api/v1/quarantine"

    /// The address of a file's page.
    static func path(_ name: String, directory: String?, stream: StreamID?) -> String {
        var path = "/quarantine/\(percentEncoded(name))"
        if let directory { path += "?directory=\(percentEncoded(directory))" }
        if let stream { path += "\(directory == nil ? "?" : "&")stream=\(stream)" }
        return path
    }

    /// The address of the page of a file of a list.
    static func path(of file: StatusSnapshot.Quarantined) -> String {
        path(file.path, directory: file.directory, stream: file.stream)
    }

    // MARK: The list

    static func list(
        _ files: [StatusSnapshot.Quarantined], count: Int64, next: String?, isFirst: Bool, token: String
    ) -> [UInt8] {
        PageFrame(title: "Quarantine", section: .quarantine, isLive: isFirst).render { html, now in
            html.markup("<h1>Quarantine <span id=\"quarantine-count\">")
            html.number(count)
            html.markup("</span></h1><p class=\"about\">What could not be taken, and why. A retry drops it again; ")
            html.markup("a discard removes it for ever and leaves a record of that.</p>")
            QuarantineList.write(files, now: now, token: token, &html)
            if count > 0 { all(count, token, &html) }
            if let next { html.more("Pages of the quarantine", at: "/quarantine?after=\(next)") }
        }
    }

    private static func all(_ count: Int64, _ token: String, _ html: inout HTMLWriter) {
        html.markup("<details><summary>All ")
        html.text(Wording.count(count, "file"))
        html.markup("</summary>")
        ActionForm(
            path: action, token: token, fields: [("all", "true")], choices: ActionForm.retryOrDiscardAll, about: nil
        ).write(to: &html)
        html.markup("</details>")
    }

    // MARK: One file

    static func render(_ file: QuarantinedFile, token: String) -> [UInt8] {
        PageFrame(title: file.name, section: .quarantine, isReading: true).render { html, now in
            html.markup("<h1>")
            html.foreign(file.name, atMost: 1200)
            html.markup("</h1>")
            reason(file, &html)
            ExcerptView.write(file, &html)
            if let problem = file.problem {
                html.markup("<p class=\"bad\" role=\"alert\">")
                html.foreign(problem, atMost: 1200)
                html.markup("</p>")
            }
            // Of a file whose parts alone lie there each has its own way out.
            if file.reason != nil || file.parts.isEmpty {
                ActionForm(
                    path: action, token: token, fields: fields(of: file), choices: ActionForm.retryOrDiscard, about: nil
                ).write(to: &html)
            }
            parts(file, &html)
            facts(file, now, &html)
            html.markup("<p>")
            html.link(to: FilePage.path(of: ownerPath(file.name)))
            html.markup("What became of this file each time it was dropped</a></p>")
        }
    }

    static func missing(_ detail: String) -> [UInt8] {
        PageFrame(title: "Not in quarantine", section: .quarantine, isReading: true).render { html, _ in
            html.markup("<h1>Not in quarantine</h1><p>")
            html.foreign(detail, atMost: 1200)
            html.markup(". It may have been retried or discarded meanwhile.</p>")
            html.markup("<p><a href=\"/quarantine\">What lies in quarantine</a></p>")
        }
    }

    /// The hidden fields that name a file to the action.
    static func fields(of file: QuarantinedFile) -> [(name: String, value: String)] {
        [("path", file.name), ("directory", file.directory ?? "")]
            + (file.stream.map { [("stream", $0.description)] } ?? [])
    }

    /// The path of the file that a part is of.
    private static func ownerPath(_ name: String) -> String {
        guard let mark = name.lastIndex(of: "#"), let part = Int(name[name.index(after: mark)...]), part > 0 else {
            return name
        }
        return String(name[..<mark])
    }

    private static func reason(_ file: QuarantinedFile, _ html: inout HTMLWriter) {
        func text(_ name: String) -> String? {
            (file.reason?[name] ?? file.record?[name])?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
        }
        html.markup("<p>")
        ArticleList.chip(text("code") ?? "unknown", &html)
        html.foreign(text("message") ?? "", atMost: 4 << 10)
        html.markup("</p>")
        if let hint = text("hint") {
            html.markup("<p class=\"about\">")
            html.foreign(hint, atMost: 2 << 10)
            html.markup("</p>")
        }
        if let position = text("position") {
            html.markup("<p>The place: <b>")
            html.foreign(position, atMost: 200)
            html.markup("</b></p>")
        }
    }

    private static func parts(_ file: QuarantinedFile, _ html: inout HTMLWriter) {
        guard !file.parts.isEmpty else { return }
        html.markup("<section aria-labelledby=\"h-parts\"><h2 id=\"h-parts\">Parts of it that gave no article</h2>")
        html.markup("<ul class=\"list\">")
        for part in file.parts.prefix(100) {
            let number = part["part"]?.integerValue ?? 0
            html.markup("<li><p class=\"path\">")
            html.link(to: path("\(file.name)#\(number)", directory: file.directory, stream: file.stream))
            html.text("Part \(number)")
            if let member = part["member"]?.stringValue {
                html.markup(": ")
                html.foreign(member, atMost: 400)
            }
            html.markup("</a></p><p class=\"about\">")
            ArticleList.chip(part["code"]?.stringValue ?? "", &html)
            html.foreign(part["message"]?.stringValue ?? "", atMost: 600)
            html.markup("</p></li>")
        }
        html.markup("</ul>")
        let more = (file.record?["failed_parts"]?.integerValue ?? 0) - Int64(min(100, file.parts.count))
        if more > 0 {
            html.markup("<p class=\"about\">")
            html.text("and \(Wording.count(more, "more part"))")
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    private static func facts(_ file: QuarantinedFile, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-facts\"><h2 id=\"h-facts\">What is known of it</h2><dl>")
        func fact(_ name: StaticString, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            html.markup("<dt>")
            html.markup(name)
            html.markup("</dt><dd>")
            html.foreign(text, atMost: 1200)
            html.markup("</dd>")
        }
        func text(_ name: String) -> String? { (file.reason?[name] ?? file.record?[name])?.stringValue }
        fact("Drop directory", file.directory ?? text("directory"))
        fact("Source", text("source"))
        fact("Format", text("format"))
        fact("Size", (file.reason?["size"] ?? file.record?["bytes"])?.integerValue.map { Wording.size($0) })
        fact("Attempts", file.reason?["attempts"]?.integerValue.map { Wording.number($0) })
        if let time = (text("time") ?? text("received")).flatMap({ Timestamp($0) }) {
            html.markup("<dt>Quarantined</dt><dd>")
            html.time(time, now: now)
            html.markup("</dd>")
        }
        html.markup("</dl></section>")
    }
}
