import Articles
import Status

/// What the status service knows, as tables for a terminal. The document is that of `/api/v1/status`; what it lacks, as
/// one of another version may, is left out.
struct StatusPage {
    let document: JSONValue
    /// The document's time in milliseconds since 1970: all ages are those of that moment.
    private let now: Int64

    init(_ document: JSONValue) {
        self.document = document
        now = StatusPage.time(document["time"]) ?? 0
    }

    /// Nothing is wrong.
    var isWell: Bool { document["healthy"] != .boolean(false) && array("troubles").isEmpty }

    /// When the document was made.
    var time: String { text(document, "time") }

    // MARK: Flow

    /// What flows: files, articles and each kind of worker.
    ///
    /// - Parameter sparkWidth: the characters of the last hour's drawing.
    func flow(sparkWidth: Int = 30) -> TextTable {
        var table = TextTable(
            "flow", emptyText: "Nothing has come yet.",
            [
                .init("", importance: 9), .init("PER SECOND", .right, importance: 8),
                .init("LAST HOUR", importance: 6), .init("IN ALL", .right, importance: 7),
                .init("WAITING", .right, importance: 9), .init("FAILED", .right, importance: 8),
            ])
        for stage in array("stages") {
            let name = text(stage, "name")
            let minutes = (stage["minutes"]?.arrayValue ?? []).compactMap(\.integerValue)
            let results = document["results"]?[name]
            let failed = results?["failed"]?.integerValue
            table.add(
                [
                    name, StatusPage.rate(stage["per_second"]?.doubleValue), Sparkline.draw(minutes, width: sparkWidth),
                    StatusPage.number(stage["count"]), StatusPage.number(stage["waiting"]),
                    failed.map { Wording.number($0) } ?? "",
                ], (failed ?? 0) > 0 ? .bad : .plain)
        }
        return table
    }

    /// What became of files and articles, a line each.
    var outcomes: [ScreenLine] {
        func counts(_ value: JSONValue?) -> String? {
            guard case .object(let members) = value else { return nil }
            let shown = members.sorted { $0.key < $1.key }.filter { $0.value.integerValue != 0 }
            return shown.isEmpty
                ? nil : shown.map { "\(StatusPage.number($0.value)) \($0.key)" }.joined(separator: ", ")
        }
        var lines = [ScreenLine("files     \(counts(document["files"]) ?? "none yet")")]
        var articles = "articles  \(StatusPage.number(document["articles"]))"
        if let held = document["held"], let count = held["count"]?.integerValue, count > 0 {
            articles += ", \(Wording.number(count)) held"
            if let next = held["next_release"]?.stringValue { articles += ", the next one until \(next)" }
        }
        lines.append(ScreenLine(articles))
        for (kind, results) in members("results") {
            let numbers = ["ok", "skipped", "failed", "dead"].map { "\(StatusPage.number(results[$0])) \($0)" }
            let detail = counts(results["verdicts"]).map { "  (\($0))" } ?? ""
            let isBad = results["failed"]?.integerValue ?? 0 > 0
            lines.append(
                ScreenLine(
                    "\(Help.pad(kind, to: 9)) \(numbers.joined(separator: ", "))\(detail)", isBad ? .bad : .plain))
        }
        return lines
    }

    // MARK: What is wrong

    /// What is wrong, a sentence each.
    var troubles: [ScreenLine] {
        array("troubles").map { ScreenLine("\(text($0, "name")): \(text($0, "text"))", .bad) }
    }

    /// Failures of workers, those that were given up first.
    var failures: TextTable {
        var table = TextTable(
            "failures", emptyText: "Nothing has failed.",
            [
                .init("KIND", importance: 9), .init("ATTEMPT", .right, importance: 5), .init("STATE", importance: 6),
                .init("SINCE", .right, importance: 4), .init("SOURCE", importance: 3), .init("TITLE", importance: 7),
                .init("REASON", importance: 8),
            ])
        let failures = document["failures"]
        let items = failures?["items"]?.arrayValue ?? []
        for item in items {
            let reason = [text(item, "code"), text(item, "reason")].filter { !$0.isEmpty }.joined(separator: ": ")
            table.add(
                [
                    text(item, "kind"), StatusPage.number(item["attempt"]),
                    item["dead"] == .boolean(true) ? "given up" : "tried again", age(item["time"]),
                    text(item, "source"), text(item, "title"), reason,
                ], .bad)
        }
        let more = max(0, failures?["count"]?.integerValue ?? 0) - Int64(items.count)
        if more > 0 { table.note = "\(Wording.number(more)) more: dropwire failures list" }
        return table
    }

    /// The last files that went to quarantine.
    var quarantine: TextTable {
        var table = TextTable(
            "quarantine", emptyText: "The quarantine is empty.",
            [
                .init("CODE", importance: 8), .init("SINCE", .right, importance: 4), .init("SOURCE", importance: 3),
                .init("FILE", importance: 9), .init("REASON", importance: 6),
            ])
        let files = document["quarantine"]?["files"]?.arrayValue ?? []
        for file in files {
            table.add(
                [
                    text(file, "code"), age(file["time"]), text(file, "source"), text(file, "path"),
                    text(file, "message"),
                ], .bad)
        }
        let more = max(0, document["quarantine"]?["count"]?.integerValue ?? 0) - Int64(files.count)
        if more > 0 { table.note = "\(Wording.number(more)) more: dropwire quarantine list" }
        return table
    }

    // MARK: Who and what

    /// Who is alive.
    var processes: TextTable {
        var table = TextTable(
            "processes", emptyText: "No process has told of itself yet.",
            [
                .init("PROCESS", importance: 9), .init("STATE", importance: 8), .init("PID", .right, importance: 3),
                .init("VERSION", importance: 1), .init("UPTIME", .right, importance: 4),
                .init("MEMORY", .right, importance: 5), .init("WAITING", .right, importance: 9),
                .init("DONE", .right, importance: 7), .init("FAILED", .right, importance: 8),
                .init("OUTBOX", .right, importance: 4), .init("HEARD", .right, importance: 2),
            ])
        for process in array("processes") {
            let isAlive = process["state"] != .string("silent")
            let trouble = process["trouble"]?.stringValue
            func number(_ name: String) -> String { process["numbers"]?[name].map { StatusPage.number($0) } ?? "–" }
            table.add(
                [
                    text(process, "label"), isAlive ? process["numbers"] == nil ? "" : "alive" : "silent",
                    "\(process["pid"]?.integerValue ?? 0)", text(process, "version"),
                    StatusPage.span(process["uptime_s"]?.doubleValue) ?? "–", StatusPage.bytes(process["rss"]),
                    StatusPage.number(process["lag"]),
                    number("done"), number("failed"), number("outbox"),
                    Wording.ago(max(0, process["age_ms"]?.integerValue ?? 0)),
                ], isAlive && trouble == nil ? .plain : .bad,
                remarks: trouble.map { [ScreenLine("in trouble: \($0)", .bad)] } ?? [])
        }
        return table
    }

    /// How much comes from each source.
    ///
    /// - Parameter sparkWidth: the characters of a drawing. One that is cut would lack what is new.
    func sources(sparkWidth: Int = 24) -> TextTable {
        var table = TextTable(
            "sources", emptyText: "No source has brought anything yet.",
            [
                .init("SOURCE", importance: 9), .init("PER SECOND", .right, importance: 6),
                .init("LAST HOUR", .right, importance: 7), .init("LAST DAY", .right, importance: 8),
                .init("24 HOURS", importance: 5), .init("30 DAYS", importance: 3), .init("LAST", .right, importance: 8),
            ])
        for source in array("sources") {
            func counts(_ name: String) -> [Int64] { (source[name]?.arrayValue ?? []).compactMap(\.integerValue) }
            let quiet = source["quiet_since"]?.stringValue
            let habit = StatusPage.span(source["usual_gap_s"]?.doubleValue).map {
                ", which brings something every \($0)"
            }
            table.add(
                [
                    text(source, "source"), StatusPage.rate(source["per_second"]?.doubleValue),
                    StatusPage.number(source["last_hour"]), StatusPage.number(source["last_day"]),
                    Sparkline.draw(counts("hours"), width: sparkWidth),
                    Sparkline.draw(counts("days"), width: min(30, sparkWidth)),
                    age(source["last"]),
                ], quiet == nil ? .plain : .bad,
                remarks: quiet.map { [ScreenLine("quiet since \($0)\(habit ?? "")", .bad)] } ?? [])
        }
        if let more = document["other_sources"]?.integerValue, more > 0 { table.note = "\(Wording.number(more)) more" }
        return table
    }

    /// What waits in drop directories.
    var directories: TextTable {
        let rows = array("directories")
        let watchers = Set(rows.map { text($0, "watcher") })
        var table = TextTable(
            "directories", emptyText: "No watcher has told of its directories yet.",
            [
                .init("WAITING", .right, importance: 9), .init("SETTLING", .right, importance: 5),
                .init("BLOCKED", .right, importance: 6), .init("QUARANTINE", .right, importance: 7),
                .init("OLDEST", .right, importance: 8), .init("STATE", importance: 8),
                .init("WATCHER", importance: watchers.count > 1 ? 4 : 0), .init("DIRECTORY", importance: 9),
            ])
        for row in rows {
            let state = text(row, "state")
            var remarks: [ScreenLine] = []
            if let note = row["note"]?.stringValue { remarks.append(ScreenLine("in trouble: \(note)", .bad)) }
            if let since = row["paused_since"]?.stringValue { remarks.append(ScreenLine("paused since \(since)")) }
            let lone = row["unaccompanied"]?.integerValue ?? 0
            if lone > 0 {
                remarks.append(ScreenLine("\(lone) file\(lone == 1 ? " waits" : "s wait") for a marker or checksum"))
            }
            table.add(
                [
                    StatusPage.number(row["waiting"]), StatusPage.number(row["settling"]),
                    StatusPage.number(row["blocked"]), row["in_quarantine"].map { StatusPage.number($0) } ?? "–",
                    age(row["oldest_waiting"]), state, text(row, "watcher"), text(row, "path"),
                ], ["trouble", "silent"].contains(state) ? .bad : .plain, remarks: remarks)
        }
        if let others = document["other_directories"], let count = others["count"]?.integerValue, count > 0 {
            let waiting = StatusPage.number(others["waiting"])
            table.note = "\(Wording.number(count)) more, where \(waiting) files wait"
            if let troubled = others["troubled"]?.integerValue, troubled > 0 {
                table.note! += ", \(troubled) in trouble"
            }
        }
        return table
    }

    /// What has waited longest, in a sentence; nil where nothing waits or nobody says.
    var oldestWaiting: ScreenLine? {
        guard let oldest = document["oldest_waiting"], oldest["time"]?.stringValue != nil else { return nil }
        return ScreenLine("the oldest file has waited for \(age(oldest["time"])) in \(text(oldest, "directory"))")
    }

    /// Who reads the logs.
    var consumers: TextTable {
        var table = TextTable(
            "consumers", emptyText: "Nobody reads the logs yet.",
            [
                .init("CONSUMER", importance: 9), .init("STREAM", importance: 7),
                .init("WAITING", .right, importance: 9),
                .init("OLDEST", .right, importance: 8), .init("DEAD", .right, importance: 8),
                .init("STATE", importance: 5),
            ])
        for reader in array("readers") {
            let details = (reader["details"]?.arrayValue ?? []).compactMap(\.stringValue)
            let (dead, trouble) = (reader["dead"]?.integerValue, reader["trouble"]?.stringValue)
            let lag = reader["lag_s"]?.integerValue ?? 0
            table.add(
                [
                    text(reader, "name"), text(reader, "stream"), StatusPage.number(reader["lag"]),
                    lag > 0 ? StatusPage.span(Double(lag)) ?? "–" : "–", dead.map { Wording.number($0) } ?? "–",
                    details.joined(separator: ", "),
                ], trouble == nil && (dead ?? 0) == 0 ? .plain : .bad,
                remarks: trouble.map { [ScreenLine($0, .bad)] } ?? [])
        }
        return table
    }

    /// What is kept, and for how long there is room.
    var storage: TextTable {
        var table = TextTable(
            "storage", emptyText: "No process has told what it stores yet.",
            [
                .init("STORE", importance: 9), .init("SIZE", .right, importance: 8),
                .init("LIMIT", .right, importance: 7),
                .init("FREE", .right, importance: 6), .init("A DAY", .right, importance: 5),
                .init("KEPT", .right, importance: 5), .init("OLDEST", .right, importance: 3),
                .init("FULL", importance: 8), .init("PATH", importance: 2),
            ])
        for store in array("storage") {
            func bytes(_ name: String) -> String { StatusPage.bytes(store[name]) }
            let full = StatusPage.time(store["full_at"])
            let isSoon = full.map { $0 - now < 7 * 86_400_000 } ?? false
            table.add(
                [
                    text(store, "name"), bytes("bytes"), bytes("limit_bytes"), bytes("free_bytes"),
                    bytes("bytes_per_day"),
                    StatusPage.span(store["retention_s"]?.doubleValue) ?? "–", age(store["oldest"]),
                    full.map { "in \(Wording.span(max(0, $0 - now) / 1000))" } ?? "–", text(store, "path"),
                ], isSoon ? .bad : .plain)
        }
        return table
    }

    // MARK: Values

    private func array(_ name: String) -> [JSONValue] { document[name]?.arrayValue ?? [] }

    private func members(_ name: String) -> [(key: String, value: JSONValue)] {
        guard case .object(let members) = document[name] else { return [] }
        return members.sorted { $0.key < $1.key }
    }

    private func text(_ value: JSONValue, _ name: String) -> String { value[name]?.stringValue ?? "" }

    /// How long ago a time was; `–` where there is none.
    private func age(_ value: JSONValue?) -> String {
        StatusPage.time(value).map { Wording.span(max(0, now - $0) / 1000) } ?? "–"
    }

    private static func time(_ value: JSONValue?) -> Int64? {
        value?.stringValue.flatMap { Timestamp($0) }?.milliseconds
    }

    private static func number(_ value: JSONValue?) -> String { Wording.number(value?.integerValue ?? 0) }

    private static func rate(_ value: Double?) -> String {
        value.map { Wording.rate(min(max(0, $0), 1e12)) } ?? "–"
    }

    // No arithmetic on what somebody else has written may end the program.
    private static func bytes(_ value: JSONValue?) -> String {
        value?.integerValue.map { Wording.size(min(max(0, $0), 1 << 60)) } ?? "–"
    }

    private static func span(_ seconds: Double?) -> String? {
        seconds.map { Wording.span(Int64(min(max(0, $0), 1e12))) }
    }
}
