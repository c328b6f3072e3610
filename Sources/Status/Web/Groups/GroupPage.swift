import Articles
import HTTP
import Messaging

/// The page of a group: its numbers, its dead letters, and what can be done. It needs no script.
enum GroupPage {
    /// Dead letters of one page.
    static let letters = 100

    /// The page's address.
    static func path(_ name: String, stream: String) -> String {
        "/groups/\(percentEncoded(name))?stream=\(percentEncoded(stream))"
    }

    static func render(_ group: ShownGroup, name: String, token: String) -> [UInt8] {
        PageFrame(title: name, isLive: true, isReading: true).render { html, _ in
            begin(name, &html)
            func number(_ name: String) -> Int64 { group.reply[name]?.integerValue ?? 0 }
            let isPaused = group.reply["paused"] == .boolean(true)
            html.markup("<p class=\"about\">")
            html.text("on the stream ")
            html.foreign(group.log.standing.name)
            html.text(" of ")
            html.foreign("\(group.log.process) at \(group.log.host)")
            html.markup("</p><p class=\"facts\">")
            for (what, count, isBad) in [
                ("waiting", number("lag"), false), ("open", number("inflight"), false),
                ("dead", number("dead_count"), true),
            ] {
                html.markup(isBad && count > 0 ? "<span class=\"bad\">" : "<span>")
                html.text("\(Wording.number(count)) \(what)")
                html.markup("</span> ")
            }
            if isPaused { html.markup("<span class=\"held\">paused</span>") }
            html.markup("</p>")
            form(group, name, nil, isPaused ? ["resume"] : ["pause"], token, &html)
            html.markup("<h2>Dead letters</h2>")
            if number("dead_count") == 0 { html.markup("<p class=\"empty\">Nothing is dead.</p>") }
            if number("dead_count") > 0 { form(group, name, nil, ["retry-dead", "discard-dead"], token, &html) }
            if !group.letters.isEmpty {
                html.markup("<ol class=\"list\" id=\"latest\">")
                for letter in group.letters { write(letter, group, name, token, &html) }
                html.markup("</ol>")
            }
            if let next = group.reply["dead_next"]?.integerValue {
                html.markup("<p><a href=\"")
                html.text("\(path(name, stream: group.log.standing.stream.description))&dead_after=\(next)")
                html.markup("\">More</a></p>")
            }
        }
    }

    /// The page where there is none.
    static func problem(_ detail: String, name: String) -> [UInt8] {
        PageFrame(title: name, isReading: true).render { html, _ in
            begin(name, &html)
            html.markup("<p class=\"bad\" role=\"alert\">")
            html.foreign(detail)
            html.markup("</p>")
        }
    }

    private static func begin(_ name: String, _ html: inout HTMLWriter) {
        html.markup("<h1>Group ")
        html.foreign(name, atMost: 400)
        html.markup("</h1>")
    }

    private static func write(
        _ letter: ShownGroup.Letter, _ group: ShownGroup, _ name: String, _ token: String, _ html: inout HTMLWriter
    ) {
        html.markup("<li data-key=\"")
        html.text("\(letter.seq)")
        html.markup("\"><h3>")
        if let article = letter.article {
            html.markup("<a href=\"/articles/")
            html.text(article.id)
            html.markup("\">")
            html.foreign(article.title ?? "Without a title")
            html.markup("</a>")
        } else {
            html.text("Record \(letter.seq)")
        }
        html.markup("</h3><p class=\"about\">")
        html.text("record \(letter.seq), \(Wording.count(Int(letter.attempts), "attempt"))")
        html.markup("</p><p class=\"bad\">")
        html.foreign(letter.reason)
        html.markup("</p>")
        form(group, name, letter.seq, ["retry-dead", "discard-dead"], token, &html)
        html.markup("</li>")
    }

    private static func form(
        _ group: ShownGroup, _ name: String, _ seq: UInt64?, _ actions: [String], _ token: String,
        _ html: inout HTMLWriter
    ) {
        let stream = group.log.standing.stream.description
        ActionForm(
            path: path(name, stream: stream), token: token,
            fields: [("stream", stream)] + (seq.map { [("seq", "\($0)")] } ?? []),
            choices: actions.map { .init(value: $0, label: label($0, isAll: seq == nil)) },
            about: seq.map { "record \($0)" }
        ).write(to: &html)
    }

    private static func label(_ action: String, isAll: Bool) -> String {
        switch action {
        case "retry-dead": isAll ? "Retry all" : "Retry"
        case "discard-dead": isAll ? "Discard all" : "Discard"
        case "pause": "Pause"
        default: "Resume"
        }
    }
}
