import Linux
import Messaging
import ZeroMQ

/// The watchers' logs as the status service follows them: those of its configuration, and those of the watchers that have
/// told of themselves. What cannot be followed is a trouble on the board.
final class WatcherLogs {
    private let board: StatusBoard
    private let followers: LogFollowers
    private var cursors: [StreamID: Cursor] = [:]
    private var nextLook = ContinuousClock.now
    /// The parts of the board on which a trouble was set.
    private var told: Set<String> = []
    private static let interval = Duration.seconds(1)

    init(context: Context, settings: StatusService.Settings, board: StatusBoard, store: ResultStore) {
        self.board = board
        followers = LogFollowers(
            context: context, sources: settings.logs, topics: ["art/", "file/"], consumer: settings.name
        ) { try store.cursor(of: $0) }
    }

    /// To wait for records.
    var readable: [PollEntry] { followers.readable }

    /// How long until ``request()`` has something to do.
    var untilDue: Duration { min(followers.untilDue, max(.zero, nextLook - .now)) }

    /// The committed place in every stream that is followed.
    var places: [Heartbeat.StreamPosition] { followers.places { cursors[$0] } }

    /// Takes in which watchers there are, and asks their logs.
    func request() throws {
        if nextLook <= .now {
            nextLook = .now + WatcherLogs.interval
            let processes = ServedStreams(board.processes().map { .init($0.heartbeat) })
            followers.take(processes.articleLogs(from: ProcessInformation.hostName))
            tell()
        }
        try followers.requestIfPossible(isWanted: true)
    }

    /// Returns what has come, at most a batch a log.
    func receive() throws -> [FetchReply] {
        var batches: [FetchReply] = []
        while let batch = try followers.receive() { batches.append(batch) }
        if !batches.isEmpty { tell() }
        return batches
    }

    /// Takes note that batches are in the store.
    func committed(_ batches: [FetchReply]) { for batch in batches { cursors[batch.next.stream] = batch.next } }

    /// Goes back to what is in the store.
    func startOver() { followers.startOver() }

    private func tell() {
        let logs = followers.state
        var parts: Set<String> = []
        for log in logs {
            guard let trouble = log.trouble else { continue }
            let part = "log \(log.name)"
            parts.insert(part)
            let whose = logs.count == 1 ? "Articles" : "Articles of \(log.name)"
            board.setTrouble(part, "\(whose) cannot be followed: \(trouble)")
        }
        for part in told.subtracting(parts) { board.setTrouble(part, nil) }
        told = parts
    }
}
