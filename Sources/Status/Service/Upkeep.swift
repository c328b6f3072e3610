import Linux
import Messaging
import SQLite

/// Retention, in small steps between the turns.
struct Upkeep {
    private let settings: StatusService.Settings
    private var next = ContinuousClock.now + .seconds(10)
    /// The history of rates reaches back so many minutes.
    static let historyMinutes: Int64 = 7 * 24 * 60

    init(settings: StatusService.Settings) { self.settings = settings }

    /// How long until there is a step to do; at most two seconds, for the watchdog.
    var untilDue: Duration { max(.zero, min(.seconds(2), next - .now)) }

    /// Takes a step where it is time.
    mutating func run(_ store: ResultStore) throws {
        guard next <= .now else { return }
        let now = Clocks.wallMilliseconds()
        var hasMore: Bool
        do {
            hasMore = try store.removeSome(
                before: now - settings.retention.wholeMilliseconds, minutesBefore: now / 60_000 - Upkeep.historyMinutes)
            let trimmed = try store.log.trim(
                before: now - settings.resultRetention.wholeMilliseconds, notPast: store.log.head)
            if hasMore || trimmed > 0 { try store.shrink() }
            if let limit = settings.maximumBytes { hasMore = try store.removeSome(above: limit) || hasMore }
        } catch let error as SQLiteError where error.isDiskFull || error.isBusy {
            next = .now + .seconds(60)
            return
        }
        next = .now + (hasMore ? .milliseconds(50) : .seconds(60))
    }
}
