extension Metrics {
    /// Adds what has come in since the store was made.
    mutating func add(_ totals: StoreReader.Totals, quarantined: Int64) {
        adding { text in
            text.add(
                .counter, "dropwire_articles_published_total", "Articles that have come in.", [], totals.articles)
            text.add(
                .counter, "dropwire_kills_published_total", "Kills of articles that have come in.", [],
                totals.kills)
            for (outcome, count) in totals.files.sorted(by: { $0.key < $1.key }) {
                // Those are released one day, and count as something else then.
                guard outcome != "held" else {
                    text.add(
                        .gauge, "dropwire_held_files", "Files whose articles wait for their embargo.", [],
                        count)
                    continue
                }
                text.add(
                    .counter, "dropwire_files_total", "Files that have come in, by what became of them.",
                    [("outcome", outcome)], count)
            }
            text.add(
                .gauge, "dropwire_quarantined_files", "Files that lie in quarantine, whole or in part.", [],
                quarantined)
            for (kind, results) in totals.results.sorted(by: { $0.key < $1.key }) { Metrics.add(results, kind, &text) }
        }
    }

    private static func add(_ results: StoreReader.Totals.Results, _ kind: String, _ text: inout MetricsText) {
        // An article that failed may be retried: it counts as something else then.
        for (status, count) in [
            ("ok", results.ok), ("failed", results.failed), ("skipped", results.skipped), ("dead", results.dead),
        ] {
            text.add(
                .gauge, "dropwire_results",
                "Articles by what a kind of worker made of them at last; those that are dead have failed, too.",
                [("kind", kind), ("status", status)], count)
        }
        for (verdict, count) in results.verdicts.sorted(by: { $0.key < $1.key }) {
            text.add(
                .gauge, "dropwire_verdicts", "Articles by verdict.", [("kind", kind), ("verdict", verdict)], count)
        }
    }

    /// Adds what the service itself says of the moment.
    mutating func add(_ board: StatusBoard) {
        let arrivals = board.arrivals
        let (isHealthy, troubles) = (board.illnesses().isEmpty, board.troubles().count)
        adding { text in
            text.add("dropwire_healthy", "Whether all that waits moves, and the store works.", [], isHealthy)
            text.add(.gauge, "dropwire_troubles", "The number of things that are wrong anywhere.", [], troubles)
            for (name, count) in arrivals.sorted(by: { $0.key < $1.key }) {
                text.add(
                    .counter, "dropwire_arrivals_total",
                    "Files, articles and results of each kind that were stored since the service's start.",
                    [("what", name)], count)
            }
        }
    }
}
