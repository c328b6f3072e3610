import Articles
import HTTP
import Messaging

/// The page of a dropped file: what became of it each time, and the articles that it gave.
enum FilePage {
    /// What became of it once.
    struct Visit {
        var file: StoreReader.FileRow
        var record: JSONValue
        var articles: [StoreReader.ArticleRow]
        var kills: [StoreReader.KillRow]
    }

    /// Articles of one visit that are listed.
    static let mostArticles = 50

    /// The address of the page.
    static func path(of file: String) -> String { "/files/\(percentEncoded(file))" }

    static func render(
        _ path: String, _ visits: [Visit], waiting articles: [StoreReader.ArticleRow],
        quarantined: [StatusSnapshot.Quarantined]
    ) -> [UInt8] {
        PageFrame(title: path, isLive: true, isReading: true).render { html, now in
            html.markup("<h1>")
            html.foreign(path, atMost: 1200)
            html.markup("</h1>")
            for file in quarantined {
                html.markup("<p class=\"bad\" role=\"note\">It lies in quarantine: ")
                html.link(to: QuarantinePage.path(of: file))
                html.markup("see why, retry or discard it</a>.</p>")
            }
            if visits.isEmpty {
                html.markup("<p class=\"empty\">It is still being read: it has articles, and no outcome yet.</p>")
                list(articles, &html)
            }
            for visit in visits { write(visit, now, &html) }
        }
    }

    static func missing(_ path: String) -> [UInt8] {
        PageFrame(title: "No such file", isLive: true, isReading: true).render { html, _ in
            html.markup("<h1>No such file</h1><p>Nothing is known of ")
            html.foreign(path, atMost: 1200)
            html.markup(". It may still be in its drop directory, or be older than what is kept here.</p>")
        }
    }

    private static func write(_ visit: Visit, _ now: Timestamp, _ html: inout HTMLWriter) {
        let record = visit.record
        func text(_ name: String) -> String? { record[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        let position = visit.file.position
        html.markup("<section data-key=\"")
        html.text("\(position.stream)/\(position.epoch)/\(position.seq)")
        html.markup("\"><h2>")
        html.text((text("outcome") ?? "unknown").prefix(1).uppercased() + (text("outcome") ?? "unknown").dropFirst())
        html.markup(" ")
        html.time(Timestamp(milliseconds: position.timeMilliseconds), now: now)
        html.markup("</h2>")
        if let message = text("message") {
            html.markup("<p>")
            ArticleList.chip(text("code") ?? "", &html)
            html.foreign(message, atMost: 4 << 10)
            html.markup("</p>")
        }
        html.markup("<dl>")
        func fact(_ name: StaticString, _ text: String?) {
            guard let text else { return }
            html.markup("<dt>")
            html.markup(name)
            html.markup("</dt><dd>")
            html.foreign(text, atMost: 1200)
            html.markup("</dd>")
        }
        fact("Drop directory", visit.file.directory)
        fact("Source", text("source"))
        fact("Format", text("format"))
        fact("Size", record["bytes"]?.integerValue.map { Wording.size($0) })
        fact("SHA-256", text("sha256"))
        fact("The same as", text("duplicate_of"))
        fact("Articles", record["articles"]?.integerValue.map { Wording.number($0) })
        fact("Parts without an article", record["failed_parts"]?.integerValue.flatMap { $0 > 0 ? "\($0)" : nil })
        fact("Held", record["held"]?.integerValue.map { Wording.number($0) })
        let companions = (record["companions"]?.arrayValue ?? []).prefix(10).compactMap(\.stringValue)
        fact("With", companions.isEmpty ? nil : companions.joined(separator: ", "))
        if let received = text("received").flatMap({ Timestamp($0) }) {
            html.markup("<dt>Read</dt><dd>")
            html.time(received, now: now)
            html.markup("</dd>")
        }
        html.markup("</dl>")
        failures(record, &html)
        list(visit.articles, &html)
        for kill in visit.kills.prefix(20) {
            html.markup("<p>It withdrew ")
            html.foreign(kill.kill.uri, atMost: 600)
            html.markup(" of ")
            html.foreign(kill.kill.source, atMost: 200)
            html.markup(".</p>")
        }
        if text("sha256") != nil {
            html.markup("<p>")
            html.link(
                to: "\(path(of: visit.file.path))/original?stream=\(position.stream)&epoch=\(position.epoch)"
                    + "&seq=\(position.seq)")
            html.markup(
                "The file as it was dropped</a>, where it is still there; it is only downloaded, never shown</p>")
        }
        html.markup("</section>")
    }

    private static func failures(_ record: JSONValue, _ html: inout HTMLWriter) {
        let failed = record["failed"]?.arrayValue ?? []
        guard !failed.isEmpty else { return }
        html.markup("<ul class=\"list\">")
        for part in failed.prefix(20) {
            html.markup("<li><p class=\"bad\">")
            html.text("Part \(part["part"]?.integerValue ?? 0): ")
            html.foreign(part["message"]?.stringValue ?? part["code"]?.stringValue ?? "", atMost: 600)
            html.markup("</p></li>")
        }
        html.markup("</ul>")
    }

    private static func list(_ articles: [StoreReader.ArticleRow], _ html: inout HTMLWriter) {
        guard !articles.isEmpty else { return }
        html.markup("<ol class=\"list\">")
        for article in articles.prefix(mostArticles) {
            html.markup("<li><h3>")
            html.link(to: "/articles/\(article.id)")
            html.foreign(
                article.isHidden ? "It is not to be shown" : article.title ?? "Without a title", atMost: 1200)
            html.markup("</a></h3>")
            if article.standing != .current {
                html.markup("<p class=\"about\">")
                ArticleList.chip(article.standing.word, &html)
                html.markup("</p>")
            }
            html.markup("</li>")
        }
        html.markup("</ol>")
        if articles.count > mostArticles { html.markup("<p class=\"about\">It gave more than are listed.</p>") }
    }
}
