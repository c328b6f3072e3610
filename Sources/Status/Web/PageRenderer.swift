import Articles
import Messaging

/// Writes the overview as HTML: what `page.js` then keeps up to date. Both make the same elements.
enum PageRenderer {
    /// The page at `/`.
    static func overview(_ snapshot: StatusSnapshot) -> [UInt8] {
        var html = HTMLWriter()
        head(&html, title: "Dropwire", isLive: true)
        top(&html, query: "")
        html.markup("<p id=\"health\" role=\"status\" class=\"")
        html.markup(!snapshot.troubles.isEmpty ? "bad" : snapshot.pausedSince == nil ? "good" : "held")
        html.markup("\">")
        html.text(
            !snapshot.troubles.isEmpty
                ? count(snapshot.troubles.count, "trouble")
                : snapshot.pausedSince == nil ? "All is well" : "Paused by the operator")
        html.markup("</p></header><nav class=\"jump\" aria-label=\"Parts of this page\"><a href=\"#h-flow\">Flow</a>")
        html.markup("<a href=\"#h-directories\">Directories</a>")
        html.markup("<a href=\"#h-latest\">Articles</a><a href=\"#h-processes\">Processes</a>")
        html.markup("<a href=\"#h-quarantine\">Quarantine</a></nav>")
        html.markup("<p id=\"banner\" role=\"alert\" hidden></p><main id=\"main\" tabindex=\"-1\">")
        html.markup("<h1 class=\"unseen\">Overview</h1><section aria-labelledby=\"h-troubles\" id=\"troubles\"")
        html.markup(snapshot.troubles.isEmpty ? " hidden>" : ">")
        html.markup("<h2 id=\"h-troubles\">Troubles</h2><ul id=\"trouble-list\">")
        for trouble in snapshot.troubles {
            html.markup("<li><strong>")
            html.foreign(trouble.name)
            html.markup("</strong> ")
            html.foreign(trouble.text)
            html.markup("</li>")
        }
        html.markup("</ul></section><section aria-labelledby=\"h-flow\"><h2 id=\"h-flow\">Flow</h2>")
        html.markup("<ul id=\"stages\">")
        for stage in snapshot.stages { write(stage, snapshot, &html) }
        html.markup("</ul><p class=\"about held\" id=\"held\"")
        html.markup(snapshot.held == 0 ? " hidden>" : ">")
        html.text(held(snapshot))
        html.markup("</p></section>")
        directories(snapshot, &html)
        html.markup("<div class=\"columns\"><section aria-labelledby=\"h-latest\">")
        html.markup("<h2 id=\"h-latest\">Last articles</h2>")
        html.markup("<p class=\"empty\" id=\"no-articles\"")
        html.markup(snapshot.cards.isEmpty ? "" : " hidden")
        html.markup(">No article has come in yet. A file that is dropped shows up here in about a second.</p>")
        html.markup("<ol id=\"latest\">")
        for card in snapshot.cards { write(card, snapshot.time, &html) }
        html.markup("</ol></section><div>")
        processes(snapshot, &html)
        quarantine(snapshot, &html)
        html.markup("</div></div></main>")
        foot(&html)
        return html.bytes
    }

    /// What waits for the end of its embargo; nothing of its words.
    private static func held(_ snapshot: StatusSnapshot) -> String {
        let count = snapshot.held
        let next = snapshot.nextRelease.map { "; the next release is at \(Wording.absolute($0))" } ?? ""
        return "\(Wording.number(count)) article\(count == 1 ? " is held until its" : "s are held until their") "
            + "embargo ends\(next)"
    }

    static func head(_ html: inout HTMLWriter, title: String, isLive: Bool = false) {
        html.markup("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        html.text(title)
        html.markup("</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        html.markup("<meta name=\"color-scheme\" content=\"light dark\">")
        html.markup("<link rel=\"stylesheet\" href=\"/page.css\"><link rel=\"icon\" href=\"/favicon.svg\">")
        if isLive { html.markup("<script src=\"/page.js\" defer></script>") }
        html.markup("</head><body><a class=\"skip\" href=\"#main\">Skip to the content</a>")
    }

    /// The top of the page; it ends within its header.
    static func top(_ html: inout HTMLWriter, query: String) {
        html.markup("<header><a class=\"brand\" href=\"/\">Dropwire</a><form role=\"search\" action=\"/search\">")
        html.markup("<label class=\"unseen\" for=\"q\">Search the articles</label>")
        html.markup("<input id=\"q\" name=\"q\" type=\"search\" placeholder=\"Search the articles\" value=\"")
        html.text(query)
        html.markup("\"><button>Search</button></form>")
    }

    static func foot(_ html: inout HTMLWriter) {
        html.markup("<footer><p>Dropwire ")
        html.text(Version.text)
        html.markup(" · <a href=\"/api/v1/status\">status</a> · <a href=\"/api/v1/directories\">directories</a> · ")
        html.markup("<a href=\"/api/v1/articles\">articles</a> · ")
        html.markup("<a href=\"/api/v1/quarantine\">quarantine</a> as JSON · <a href=\"/healthz\">health</a></p>")
        html.markup("<noscript><p>Without JavaScript this page shows one moment: reload it for the next.</p>")
        html.markup("</noscript></footer></body></html>")
    }

    /// A number with its noun.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: Flow

    private static func write(_ stage: StatusSnapshot.Stage, _ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<li><h3>")
        html.text(stage.name.prefix(1).uppercased() + stage.name.dropFirst())
        html.markup("</h3><p class=\"count\">")
        html.number(stage.count)
        html.markup("</p><p class=\"rate\">")
        html.text(Wording.rate(stage.perSecond))
        html.markup(" a second</p>")
        sparkline(stage.minutes, &html)
        html.markup("<p class=\"facts\">")
        for (index, fact) in facts(of: stage, snapshot).enumerated() {
            if index > 0 { html.markup(" ") }
            html.markup(fact.isBad ? "<span class=\"bad\">" : "<span>")
            html.text("\(Wording.number(fact.count)) \(fact.name)")
            html.markup("</span>")
        }
        html.markup("</p></li>")
    }

    /// What a stage consists of, in the order in which it is shown.
    static func facts(
        of stage: StatusSnapshot.Stage, _ snapshot: StatusSnapshot
    ) -> [(name: String, count: Int64, isBad: Bool)] {
        var facts: [(name: String, count: Int64, isBad: Bool)] = []
        if stage.waiting > 0 { facts.append(("waiting", stage.waiting, false)) }
        if stage.name == "files" {
            for outcome in FileOutcome.allCases {
                let isBad = outcome == .quarantined || outcome == .partial
                facts.append((outcome.rawValue, snapshot.totals.files[outcome.rawValue] ?? 0, isBad))
            }
        } else if let results = snapshot.totals.results[stage.name] {
            for (verdict, count) in results.verdicts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                facts.append((verdict, count, false))
            }
            facts.append(("skipped", results.skipped, false))
            facts.append(("failed", results.failed, true))
            facts.append(("given up", results.dead, true))
        }
        return facts.filter { $0.count > 0 }
    }

    /// Bars of the last hour, one a minute.
    private static func sparkline(_ minutes: [Int64], _ html: inout HTMLWriter) {
        let most = max(1, minutes.max() ?? 1)
        html.markup(
            "<svg class=\"spark\" viewBox=\"0 0 120 24\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
        html.text("The last hour: \(Wording.number(minutes.reduce(0, +))), at most \(Wording.number(most)) a minute")
        html.markup("\"><path d=\"")
        for (index, count) in minutes.enumerated() where count > 0 {
            let height = max(1, 24 * count / most)
            html.text("M\(index * 2) 24v-\(height)h1.6v\(height)z")
        }
        html.markup("\"/></svg>")
    }

    // MARK: Articles

    private static func write(_ card: StatusSnapshot.Card, _ now: Timestamp, _ html: inout HTMLWriter) {
        html.markup("<li><h3><a href=\"/articles/")
        html.text(card.id)
        html.markup("\">")
        html.foreign(card.title.isEmpty ? "Without a title" : card.title)
        html.markup("</a></h3><p class=\"about\">")
        if let verdict = card.verdict {
            html.markup("<span class=\"verdict ")
            html.markup(verdict == "unique" ? "unique" : "other")
            html.markup("\">")
            html.text(verdict)
            html.markup("</span> ")
        }
        html.foreign(card.source)
        html.markup(" · ")
        html.foreign(card.language)
        html.markup(" · ")
        html.time(card.time, now: now)
        html.markup("</p>")
        if !card.summary.isEmpty {
            html.markup("<p class=\"summary\">")
            html.foreign(card.summary.joined(separator: " "))
            html.markup("</p>")
        }
        for failure in card.failures {
            html.markup("<p class=\"bad\">")
            html.foreign(failure)
            html.markup("</p>")
        }
        html.markup("</li>")
    }

    // MARK: Processes and quarantine

    private static func processes(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-processes\"><h2 id=\"h-processes\">Processes</h2>")
        html.markup("<p class=\"empty\" id=\"no-processes\"")
        html.markup(snapshot.processes.isEmpty ? "" : " hidden")
        html.markup(">No process has told of itself yet; each does every five seconds.</p><table")
        html.markup(snapshot.processes.isEmpty ? " hidden" : "")
        html.markup("><caption class=\"unseen\">Processes and what waits for them</caption><thead><tr>")
        html.markup("<th scope=\"col\">Name</th><th scope=\"col\" class=\"n\">Waiting</th>")
        html.markup("<th scope=\"col\" class=\"n\">Memory</th><th scope=\"col\" class=\"n\">Heard of</th></tr></thead>")
        html.markup("<tbody id=\"processes\">")
        for process in snapshot.processes {
            let heartbeat = process.heartbeat
            html.markup("<tr><th scope=\"row\">")
            html.markup(process.isAlive ? "<span class=\"dot good\">" : "<span class=\"dot bad\">")
            html.text(process.isAlive ? "alive" : "silent")
            html.markup("</span> ")
            html.foreign(heartbeat.name)
            html.markup("<small>")
            html.foreign(details(of: heartbeat))
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

    private static func details(of heartbeat: Heartbeat) -> String {
        // Moments and flags are for programs.
        let numbers = heartbeat.numbers.filter {
            $0.value != 0 && !$0.key.hasSuffix("_ms") && !$0.key.hasSuffix("_done")
        }
        .sorted { $0.key < $1.key }.map {
            "\(Wording.number($0.value)) \($0.key.split(separator: "_").joined(separator: " "))"
        }
        return (["up \(Wording.span(heartbeat.uptimeSeconds))"] + numbers).joined(separator: " · ")
    }

    private static func quarantine(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-quarantine\"><h2 id=\"h-quarantine\">Quarantine ")
        html.markup("<span id=\"quarantine-count\">")
        html.number(snapshot.quarantineCount)
        html.markup("</span></h2><p class=\"empty\" id=\"no-quarantine\"")
        html.markup(snapshot.quarantined.isEmpty ? "" : " hidden")
        html.markup(">Nothing is in quarantine.</p><ul id=\"quarantine\">")
        for file in snapshot.quarantined {
            html.markup("<li><p class=\"path\">")
            html.foreign(file.path)
            html.markup("</p><p class=\"about\"><span class=\"verdict other\">")
            html.foreign(file.code)
            html.markup("</span> ")
            html.foreign(file.message)
            html.markup(" · ")
            html.time(file.time, now: snapshot.time)
            html.markup("</p></li>")
        }
        html.markup("</ul></section>")
    }
}
