import Articles
import Linux
import Messaging
import SQLite

/// Samples of sizes, one an hour, and what they let expect.
extension ResultStore {
    /// The most databases that are watched.
    private static let maximumStorages = 100
    /// How long samples are kept.
    private static let sampleHours: Int64 = 30 * 24

    /// Returns the store's own size and what else is known, without a forecast.
    func ownStorage(limit: Int64?, retention: Duration) throws -> StorageStanding {
        let path = connection.path
        let slash = path.lastIndex(of: "/").map { path[..<$0] } ?? "."
        let space = try? FileSystemSpace(path: slash.isEmpty ? "/" : String(slash))
        let oldest = try connection.scalar("SELECT time_ms FROM article ORDER BY row LIMIT 1")
        return StorageStanding(
            name: "store", path: path, bytes: Int64(try log.usedBytes()), limit: limit,
            free: space.map { Int64($0.available) }, fileSystem: space.map { Int64($0.total) },
            oldest: oldest.map { Timestamp(milliseconds: $0) }, retentionSeconds: retention.components.seconds)
    }

    /// Keeps the sizes of this hour, and finds out when there is no room any more.
    ///
    /// - Parameter standings: the store's own first.
    package func forecast(_ standings: [StorageStanding], at now: Int64) throws -> [StorageStanding] {
        let hour = now / 3_600_000
        return try connection.transaction {
            try connection.statement("DELETE FROM storage_hour WHERE hour<?").bind(1, hour - ResultStore.sampleHours)
                .run()
            return try standings.prefix(ResultStore.maximumStorages).map { standing in
                try connection.statement("INSERT OR REPLACE INTO storage_hour(name, hour, bytes) VALUES (?, ?, ?)")
                    .bind(1, standing.name).bind(2, hour).bind(3, standing.bytes).run()
                var samples: [StorageForecast.Sample] = []
                try connection.statement("SELECT hour, bytes FROM storage_hour WHERE name=? AND hour>?")
                    .bind(1, standing.name).bind(2, hour - StorageForecast.hours).forEachRow {
                        samples.append(.init(hour: $0.int64(0), bytes: $0.int64(1)))
                    }
                let bounds = StorageForecast.Bounds(
                    bytes: standing.bytes, limit: standing.limit, free: standing.free,
                    retention: standing.retentionSeconds.map { $0 * 1000 },
                    age: standing.oldest.map { now - $0.milliseconds },
                    // Of the store the oldest go at its limit, whatever their age.
                    makesRoom: standing.path != nil)
                let forecast = StorageForecast(samples, bounds, now: now)
                var standing = standing
                standing.bytesPerDay = forecast.bytesPerDay
                standing.fullAt = forecast.fullAt.map { Timestamp(milliseconds: $0) }
                return standing
            }
        }
    }
}
