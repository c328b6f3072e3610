import Articles

extension OverviewPage {
    /// What came in and what was done with it, a box a stage.
    static func flow(_ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<section aria-labelledby=\"h-flow\"><h2 id=\"h-flow\">Flow</h2><ul id=\"stages\">")
        for stage in snapshot.stages { write(stage, snapshot, &html) }
        html.markup("</ul>")
        if snapshot.held > 0 {
            html.markup("<p class=\"about held\" id=\"held\">")
            html.text(held(snapshot))
            html.markup("</p>")
        }
        html.markup("</section>")
    }

    /// What waits for the end of its embargo; nothing of its words.
    private static func held(_ snapshot: StatusSnapshot) -> String {
        let count = snapshot.held
        let next = snapshot.nextRelease.map { "; the next release is at \(Wording.absolute($0))" } ?? ""
        return "\(Wording.number(count)) article\(count == 1 ? " is held until its" : "s are held until their") "
            + "embargo ends\(next)"
    }

    private static func write(_ stage: StatusSnapshot.Stage, _ snapshot: StatusSnapshot, _ html: inout HTMLWriter) {
        html.markup("<li data-key=\"")
        html.text(stage.name)
        html.markup("\"><h3>")
        html.text(stage.name.prefix(1).uppercased() + stage.name.dropFirst())
        html.markup("</h3><p class=\"count\">")
        html.number(stage.count)
        html.markup("</p><p class=\"rate\">")
        html.text(Wording.rate(stage.perSecond))
        html.markup(" a second</p>")
        Sparkline.write(stage.minutes, each: "a minute", over: "The last hour", &html)
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
}
