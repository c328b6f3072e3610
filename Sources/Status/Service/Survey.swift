import Articles
import Linux
import Messaging
import SQLite

/// What is found out from time to time and not for each request: how the sources stand, and how full the databases are.
struct Survey {
    private let settings: StatusService.Settings
    private let board: StatusBoard
    private var nextSources = ContinuousClock.now
    private var nextStorage = ContinuousClock.now
    /// The history of sources is tidied behind this one.
    private var tidied: Int64 = 0
    private var isCounted = false
    private static let interval = Duration.seconds(60)
    /// What changes is shown soon, as long as that costs no more than a hundredth of the time.
    private static let shortestInterval = Duration.seconds(2)
    private var lastArticle: ContinuousClock.Instant?

    init(settings: StatusService.Settings, board: StatusBoard) {
        self.settings = settings
        self.board = board
    }

    /// How long until there is something to do; at most two seconds.
    var untilDue: Duration { max(.zero, min(.seconds(2), min(nextSources, nextStorage) - .now)) }

    /// Looks where it is time.
    mutating func run(_ store: ResultStore) throws {
        do {
            if nextSources <= .now { try lookAtSources(store) }
            if nextStorage <= .now { try lookAtStorage(store) }
        } catch let error as SQLiteError where error.isDiskFull || error.isBusy {
            (nextSources, nextStorage) = (.now + Survey.interval, .now + Survey.interval)
        }
    }

    private mutating func lookAtSources(_ store: ResultStore) throws {
        let began = ContinuousClock.now
        let now = Clocks.wallMilliseconds()
        let isComplete = try isCounted || !store.countOlderArticles()
        // Once a minute also where nothing came: that is when a source goes quiet.
        if isComplete, !isCounted || board.lastArticle != lastArticle || nextStorage <= began {
            board.setSources(SourceList(try StoreReader(connection: store.connection).sources(at: now)))
            lastArticle = board.lastArticle
        }
        isCounted = isComplete
        let pause = max(Survey.shortestInterval, (ContinuousClock.now - began) * 100)
        nextSources = .now + (isComplete ? min(Survey.interval, pause) : .milliseconds(50))
    }

    private mutating func lookAtStorage(_ store: ResultStore) throws {
        let now = Clocks.wallMilliseconds()
        let own = try store.ownStorage(limit: settings.maximumBytes, retention: settings.retention)
        board.setStorage(try store.forecast([own] + StorageStanding.logs(of: board.processes()), at: now), at: now)
        tidied = try store.tidySources(after: tidied, at: now)
        nextStorage = .now + Survey.interval
    }
}
