import Articles
import Linux
import Messaging
import SQLite

/// The history of arrivals by source: articles of each hour and day, by the time of their commit to the watcher's log, so
/// that what is caught up with after a stop stands where it belongs.
extension ResultStore {
    /// What the open transaction adds to a source's history.
    struct SourceArrivals {
        /// By hours since 1970.
        var hours: [Int64: Int64] = [:]
        var first = Int64.max
        var last: Int64 = 0

        mutating func add(_ time: Int64) {
            hours[time / ResultStore.hour, default: 0] += 1
            first = min(first, time)
            last = max(last, time)
        }
    }

    /// The most sources that have a history each; articles of others are counted together, under no name.
    static let maximumSources = 10_000
    /// The longest name of a source that has a history.
    private static let longestSource = 200
    /// How many days the hours are kept before a source's last day, and the days before today.
    static let hourDays: Int64 = 45
    static let dayDays: Int64 = 400
    private static let hour: Int64 = 3_600_000

    /// Counts an article of a source when the open transaction commits.
    func arrived(source: String, at time: Int64) {
        // A clock that is ahead must not fill hours to come; what is older than the history is not in it.
        let now = Clocks.wallMilliseconds()
        let time = min(time, now)
        arrivals.sources[source, default: 0] += 1
        guard time > now - ResultStore.dayDays * 24 * ResultStore.hour else { return }
        sourceArrivals[source, default: .init()].add(time)
    }

    /// Writes what the open transaction adds: a few rows a source.
    func saveSourceArrivals() throws {
        for (name, added) in sourceArrivals.sorted(by: { $0.key < $1.key }) {
            let source = try number(ofSource: name)
            try connection.statement(
                "UPDATE source SET first_ms=min(first_ms, ?), last_ms=max(last_ms, ?) WHERE id=?"
            ).bind(1, added.first).bind(2, added.last).bind(3, source).run()
            for (day, hours) in Dictionary(grouping: added.hours, by: { $0.key / 24 }) {
                try add(hours.map { (Int($0.key % 24), $0.value) }, source, day)
            }
        }
    }

    private func add(_ added: [(hour: Int, count: Int64)], _ source: Int64, _ day: Int64) throws {
        let query = try connection.statement("SELECT hours FROM source_day WHERE source=? AND day=?")
            .bind(1, source).bind(2, day)
        var hours = SourceHours(try query.step() ? query.bytes(0) : [])
        query.reset()
        for (hour, count) in added { hours.add(count, at: hour) }
        try connection.statement(
            """
            INSERT INTO source_day(source, day, count, hours) VALUES (?, ?, ?, ?)
            ON CONFLICT(source, day) DO UPDATE SET count=count+excluded.count, hours=excluded.hours
            """
        ).bind(1, source).bind(2, day).bind(3, added.reduce(0) { $0 + $1.count }).bind(4, hours.bytes).run()
    }

    /// Returns the number of a source, and gives it one while there is room.
    private func number(ofSource name: String) throws -> Int64 {
        let name = name.utf8.count > ResultStore.longestSource ? "" : name
        if let known = sourceNumbers[name] { return known }
        let query = try connection.statement("SELECT id FROM source WHERE name=?").bind(1, name)
        defer { query.reset() }
        if try query.step() {
            sourceNumbers[name] = query.int64(0)
            return query.int64(0)
        }
        let count = try connection.scalar("SELECT count(*) FROM source") ?? 0
        if !name.isEmpty, count >= ResultStore.maximumSources { return try number(ofSource: "") }
        try connection.statement("INSERT INTO source(name, first_ms, last_ms) VALUES (?, ?, 0)")
            .bind(1, name).bind(2, Int64.max).run()
        sourceNumbers[name] = connection.lastInsertRowID
        return connection.lastInsertRowID
    }

    // MARK: Hours

    /// Notes in which hour a row was committed when the open transaction commits, so that lists of a time need not be gone
    /// through from the end.
    func arrived(row: Int64, at time: Int64) {
        let hour = time / ResultStore.hour
        let known = hourArrivals[hour]
        hourArrivals[hour] = min(known?.lowerBound ?? row, row)...max(known?.upperBound ?? row, row)
    }

    /// Writes the hours of the open transaction: mostly one.
    func saveHourArrivals() throws {
        for (hour, rows) in hourArrivals {
            try connection.statement(
                """
                INSERT INTO article_hour(hour, first_row, last_row) VALUES (?, ?, ?) ON CONFLICT(hour)
                DO UPDATE SET first_row=min(first_row, excluded.first_row), last_row=max(last_row, excluded.last_row)
                """
            ).bind(1, hour).bind(2, rows.lowerBound).bind(3, rows.upperBound).run()
        }
    }

    // MARK: Upkeep

    /// Removes what is too old from the history of some sources.
    ///
    /// - Returns: the source to go on behind; 0 at the end.
    package func tidySources(after source: Int64, at now: Int64, limit: Int = 200) throws -> Int64 {
        let today = now / (24 * ResultStore.hour)
        return try connection.transaction {
            var sources: [(id: Int64, last: Int64)] = []
            try connection.statement("SELECT id, last_ms FROM source WHERE id>? ORDER BY id LIMIT ?")
                .bind(1, source).bind(2, limit).forEachRow { sources.append(($0.int64(0), $0.int64(1))) }
            for (id, last) in sources {
                let lastDay = last / (24 * ResultStore.hour)
                try connection.statement("DELETE FROM source_day WHERE source=? AND day<?")
                    .bind(1, id).bind(2, today - ResultStore.dayDays).run()
                try connection.statement(
                    "UPDATE source_day SET hours=NULL WHERE source=? AND day<? AND hours IS NOT NULL"
                ).bind(1, id).bind(2, min(today, lastDay) - ResultStore.hourDays).run()
                if lastDay < today - ResultStore.dayDays {
                    try connection.statement("DELETE FROM source WHERE id=?").bind(1, id).run()
                }
            }
            // A number that was given up must not be known any more.
            sourceNumbers.removeAll(keepingCapacity: true)
            return sources.count < limit ? 0 : sources.last?.id ?? 0
        }
    }

    /// Counts some of the articles that a store of an older version has, the last first: into the history of their sources
    /// and into the hours of arrivals.
    ///
    /// - Returns: whether there may be more.
    package func countOlderArticles(limit: Int = 2000) throws -> Bool {
        guard let end = try connection.scalar("SELECT v FROM meta WHERE k='articles_counted_to'") else { return false }
        return try transaction {
            var articles: [(row: Int64, source: String, time: Int64)] = []
            try connection.statement("SELECT row, source, time_ms FROM article WHERE row<? ORDER BY row DESC LIMIT ?")
                .bind(1, end).bind(2, limit).forEachRow {
                    articles.append(($0.int64(0), $0.string(1), $0.int64(2)))
                }
            for article in articles {
                arrived(source: article.source, at: article.time)
                arrived(row: article.row, at: article.time)
            }
            if let first = articles.last?.row, articles.count == limit {
                try connection.statement("UPDATE meta SET v=? WHERE k='articles_counted_to'").bind(1, first).run()
            } else {
                try connection.execute("DELETE FROM meta WHERE k='articles_counted_to'")
            }
            return articles.count == limit
        }.0
    }
}
