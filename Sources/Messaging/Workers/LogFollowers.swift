import Articles
import Linux
package import ZeroMQ

/// Follows any number of logs, which may come and go: each by a ``LogFollower`` of its own, with its own back-off. What is
/// wrong with one holds up no other.
///
/// Batches are handed over in turn, so that a log with much does not keep others waiting.
package final class LogFollowers {
    private let context: Context
    private let roster: LogRoster
    private let holders = StreamHolders()
    private let topics: [String]
    private let consumer: String
    private let committedCursor: (StreamID) throws -> Cursor?
    private var followers: [LogFollower] = []
    /// The follower that is asked first for the next batch.
    private var turn = 0

    /// Makes the followers.
    ///
    /// - Parameters:
    ///   - sources: the logs of the configuration.
    ///   - statusEndpoints: of the status service whose watchers are followed too; nil for the sources alone.
    ///   - consumer: the name under which places are committed.
    ///   - committedCursor: returns the place in a stream from which to go on; nil for its beginning.
    package init(
        context: Context, sources: [LogSource], statusEndpoints: [String]? = nil, topics: [String], consumer: String,
        committedCursor: @escaping (StreamID) throws -> Cursor?
    ) {
        self.context = context
        self.topics = topics
        self.consumer = consumer
        self.committedCursor = committedCursor
        roster = LogRoster(context: context, configured: sources, statusEndpoints: statusEndpoints)
        arrange()
    }

    /// To wait for replies.
    package var readable: [PollEntry] { followers.flatMap(\.readable) + roster.readable }

    /// Everything that the logs have was handed over, as far as they can be reached, and there is one that can.
    package var isAtEnd: Bool {
        followers.contains(where: \.isAtEnd)
            && followers.allSatisfy { $0.isAtEnd || $0.isStandby || $0.trouble != nil }
    }

    /// How long until there is something to do beside receiving.
    package var untilDue: Duration { min(roster.untilDue, followers.map(\.untilDue).min() ?? .seconds(60)) }

    /// Why nothing comes from some of the logs, in a sentence; nil where nothing is wrong.
    package var trouble: String? { followers.map { ($0.source, $0.trouble) }.sentence }

    /// Every log by the name of its source, with the stream that is read there and what is wrong.
    package var state: [(name: String, stream: StreamID?, trouble: String?)] {
        followers.map { ($0.source.name, $0.stream, $0.trouble) }
    }

    /// Says which logs there are beside those of the configuration, where no status service is asked.
    package func take(_ listed: [LogSource]) { if roster.take(listed) { arrange() } }

    /// Sends HELLO or FETCH where it is time.
    ///
    /// - Parameter isWanted: false leaves FETCH out (the outbox is full).
    package func requestIfPossible(isWanted: Bool) throws {
        if roster.turn() { arrange() }
        for follower in followers { try follower.requestIfPossible(isWanted: isWanted) }
    }

    /// Returns the next batch of some log without waiting; nil where there is none yet.
    package func receive() throws -> FetchReply? {
        for offset in followers.indices {
            let index = (turn + offset) % followers.count
            if let batch = try followers[index].receive() {
                turn = index + 1
                return batch
            }
        }
        return nil
    }

    /// Goes back to the committed places: what was handed over since is asked for again.
    package func startOver() {
        for follower in followers { follower.letGo() }
        followers.removeAll()
        arrange()
    }

    /// The place in every stream that is followed.
    ///
    /// - Parameter committed: returns the place that is committed since the start.
    package func places(_ committed: (StreamID) -> Cursor?) -> [Heartbeat.StreamPosition] {
        followers.compactMap { follower in
            guard let stream = follower.stream else { return nil }
            let start = follower.start?.stream == stream ? follower.start : nil
            guard let cursor = committed(stream) ?? start else { return nil }
            return .init(
                stream: stream, epoch: cursor.epoch, seq: cursor.seq, head: max(follower.head, cursor.seq))
        }
    }

    /// Has a follower for every source, and keeps those that are there.
    private func arrange() {
        let before = followers
        followers = roster.sources.map { source in
            before.first { $0.source == source }
                ?? LogFollower(
                    context: context, source: source, holders: holders, topics: topics, consumer: consumer,
                    committedCursor: committedCursor)
        }
        for follower in before where !followers.contains(where: { $0 === follower }) { follower.letGo() }
        turn = 0
    }
}

extension [Heartbeat.StreamPosition] {
    /// How many records wait in all.
    package var lag: UInt64 { reduce(0) { $0 + $1.head - $1.seq } }
}
