import Articles
import Ingestion
import Linux

/// What all rounds came to.
struct Report {
    let seed: UInt64
    var rounds = 0
    var seconds = 0
    var findings: [String] = []
    private var ways: [String: Int] = [:]
    private var outcomes: [String: Int] = [:]
    private var faults: [String: Director.Tally] = [:]
    private var articles = 0
    private var doubtful = 0
    private var onFeed = 0
    private var slowestFresh = Duration.zero
    private var slowestCalm = Duration.zero
    private var residentBytes = 0

    init(seed: UInt64) { self.seed = seed }

    /// Adds a round.
    mutating func add(_ outcome: Round.Outcome) {
        rounds += 1
        ways.merge(outcome.ways, uniquingKeysWith: +)
        outcomes.merge(outcome.outcomes, uniquingKeysWith: +)
        faults.merge(outcome.faults) { Director.Tally(tries: $0.tries + $1.tries, hits: $0.hits + $1.hits) }
        articles += outcome.articles
        doubtful += outcome.doubtful
        onFeed += outcome.onFeed
        slowestFresh = max(slowestFresh, outcome.fresh)
        slowestCalm = max(slowestCalm, outcome.calm)
        residentBytes = max(residentBytes, outcome.residentBytes)
    }

    /// Adds a finding for every named point at which the watcher was to be killed and never was, whatever the reason.
    mutating func checkPoints(_ families: Set<Fault.Family>) {
        guard families.contains(.points) else { return }
        for point in IntakePoint.ofFiles where faults[Fault.point(point).name]?.hits ?? 0 == 0 {
            findings.append("the watcher was never killed at \(point.rawValue)")
        }
    }

    var table: String {
        func rows(_ head: String, _ values: [(String, String)]) -> [String] {
            [head] + values.map { "  \($0.0.padded(52))\($0.1)" } + [""]
        }
        let numbers = [
            ("rounds", "\(rounds)"), ("seconds", "\(seconds)"), ("files", "\(ways.values.reduce(0, +))"),
            ("of these from producers that were too slow", "\(doubtful)"), ("articles on the log", "\(articles)"),
            ("records seen on the feed", "\(onFeed)"), ("slowest fresh file after the faults", "\(slowestFresh)"),
            ("slowest calm after that", "\(slowestCalm)"),
            ("resident memory of the watcher", "\(residentBytes >> 20) MiB"),
        ]
        let lines =
            rows("in all", numbers)
            + rows("files by way", ways.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
            + rows("files by outcome", outcomes.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") })
            + rows(
                "faults, hits of tries",
                faults.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value.hits) of \($0.value.tries)") })
            + (findings.isEmpty ? ["All is accounted for."] : ["FINDINGS (--seed \(seed))"] + findings)
        return lines.joined(separator: "\n")
    }

    var json: String {
        var writer = JSONWriter()
        func write(_ name: String, _ numbers: [String: Int]) {
            writer.key(text: name)
            writer.beginObject()
            for (key, value) in numbers.sorted(by: { $0.key < $1.key }) {
                writer.key(text: key)
                writer.integer(value)
            }
            writer.endObject()
        }
        writer.beginObject()
        writer.field("seed", Int64(seed))
        writer.field("rounds", rounds)
        writer.field("seconds", seconds)
        writer.field("articles", articles)
        writer.field("doubtful", doubtful)
        writer.field("on_feed", onFeed)
        writer.field("slowest_fresh_ms", slowestFresh.wholeMilliseconds)
        writer.field("slowest_calm_ms", slowestCalm.wholeMilliseconds)
        writer.field("resident_bytes", residentBytes)
        write("files", ways)
        write("outcomes", outcomes)
        write("fault_tries", faults.mapValues(\.tries))
        write("fault_hits", faults.mapValues(\.hits))
        writer.field("findings", findings)
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension String {
    fileprivate func padded(_ width: Int) -> String {
        self + String(repeating: " ", count: max(1, width - unicodeScalars.count))
    }
}
