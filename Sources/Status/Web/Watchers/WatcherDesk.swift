import Articles
import Linux
import Messaging
import ZeroMQ

/// Asks the watcher that owns a drop directory about its files, a connection a question: they are few, and asked by people.
final class WatcherDesk: Sendable {
    private let context: Context
    private let board: StatusBoard
    private static let deadline = Duration.seconds(8)

    init(context: Context, board: StatusBoard) {
        self.context = context
        self.board = board
    }

    /// Sends a command of the watcher's admin socket; what it refuses, and its silence, are told as problems.
    ///
    /// - Parameters:
    ///   - name: what the watcher is called, where that is known.
    ///   - stream: that of the watcher's log, where it is known.
    ///   - directory: one of its drop directories, where that is known.
    func ask(
        _ command: String, watcher name: String? = nil, stream: StreamID?, directory: String?, json: [UInt8]
    ) throws(Problem) -> Reply {
        let processes = board.processes()
        let host = ProcessInformation.hostName
        func watcher(among heartbeats: [Heartbeat]) throws(WatcherChoice) -> ServedStreams.Entry {
            try WatcherChoice.watcher(name, stream: stream, directory: directory, among: heartbeats)
        }
        let chosen: ServedStreams.Entry
        do throws(WatcherChoice) {
            chosen = try watcher(among: processes.filter(\.isAlive).map(\.heartbeat))
        } catch {
            // One that is known and silent may come back; of another there is nothing to wait for.
            let isKnown = (try? watcher(among: processes.map(\.heartbeat))) != nil
            let status =
                switch error.reason {
                case .unknown where !isKnown: 404
                case .ambiguous: 400
                case .absent, .unknown: 503
                }
            throw Problem(status: status, detail: "The file's watcher cannot be asked: \(error).")
        }
        let endpoints = chosen.addresses(of: "admin", from: host)
        guard !endpoints.isEmpty else {
            throw Problem(
                status: 503, detail: "\(chosen.label(on: host)) cannot be reached from \(host): see [watch] admin.")
        }
        do {
            let client = CommandClient(context: context, endpoints: endpoints)
            return try client.request(command, json: json, deadline: WatcherDesk.deadline)
        } catch let error as WireError {
            throw Problem(refusal: error)
        } catch {
            throw Problem(
                status: 503, detail: "\(chosen.label(on: host)) does not answer.", headers: [("Retry-After", "2")])
        }
    }
}
