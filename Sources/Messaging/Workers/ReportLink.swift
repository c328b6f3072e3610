import Articles
import Telemetry
package import ZeroMQ

/// A worker's line to the status service: results by REPORT, one batch at a time, and HEARTBEAT.
///
/// It never blocks and never loses: what is not acknowledged is sent again, and the status service stores a result once.
package final class ReportLink {
    /// What came of a batch.
    package enum Event {
        /// The rows up to this id are stored.
        case stored(upTo: Int64)
        case nothing
    }

    private let client: CommandClient
    private let producer: String
    private let kind: String
    private var batch: (request: UInt64, lastRow: Int64, deadline: ContinuousClock.Instant)?
    private var quietUntil = ContinuousClock.now
    private var failures = 0
    private var lastHeartbeat = ContinuousClock.now - .seconds(60)
    private var heartbeat: (request: UInt64, sent: ContinuousClock.Instant)?
    /// The store of the status service, as it last told, and whether somebody has taken note of it.
    private var store: (name: String, isTaken: Bool)?
    private var wishes: [Wish] = []
    private let logger = Logger(label: "report")
    private static let patience = Duration.seconds(8)

    /// Makes a line; connects at the first request.
    package init(context: Context, endpoints: [String], producer: String, kind: String) {
        client = CommandClient(context: context, endpoints: endpoints)
        self.producer = producer
        self.kind = kind
    }

    /// To wait for replies; empty before the first request.
    package var readable: [PollEntry] { client.readable }
    /// A batch may be sent now.
    package var isFree: Bool { batch == nil && quietUntil <= .now }
    /// The status service has not answered for a while.
    var isTroubled: Bool { failures > 2 }

    /// How long until ``tick()`` has something to do.
    package var untilDue: Duration {
        var due = lastHeartbeat + Heartbeat.interval - .now
        if let batch { due = min(due, batch.deadline - .now) }
        if quietUntil > .now { due = min(due, quietUntil - .now) }
        return max(.zero, due)
    }

    /// Sends a batch of results, `rows` being ids and `result` records in ascending order.
    package func send(_ rows: [(id: Int64, bytes: [UInt8])]) throws {
        guard let last = rows.last else { return }
        let json = Reply { writer in
            writer.field("producer", producer)
            writer.field("kind", kind)
            writer.field("count", rows.count)
        }.json
        guard let request = try client.send("REPORT", json: json, payload: rows.map(\.bytes)) else {
            fail()
            return
        }
        batch = (request, last.id, .now + .seconds(5))
    }

    /// Sends the heartbeat where it is due, or at once where `isWanted` (at most five a second).
    ///
    /// - Returns: whether one was sent.
    package func heartbeat(isWanted: Bool, _ make: () -> Heartbeat) throws -> Bool {
        let age = ContinuousClock.now - lastHeartbeat
        guard age >= Heartbeat.interval || isWanted && age >= .milliseconds(200) else { return false }
        lastHeartbeat = .now
        // One at a time: a status service that is away would let them pile up in the socket. One whose answer was lost
        // with its server is given up, else there would never be another.
        if let sent = heartbeat?.sent {
            guard batch == nil, ContinuousClock.now - sent > ReportLink.patience else { return false }
            reset()
        }
        heartbeat = try client.send("HEARTBEAT", json: make().json).map { ($0, .now) }
        return heartbeat != nil
    }

    /// Takes in replies and gives up on a batch whose deadline is over.
    package func tick() throws -> Event {
        var event = Event.nothing
        while let answer = try client.receive() {
            if answer.id == heartbeat?.request {
                heartbeat = nil
                // The last answer has all that is still open.
                wishes = (try? answer.outcome.get().decode(HeartbeatAnswer.self))?.wishes ?? []
            }
            if case .success(let reply) = answer.outcome { noteStore(reply) }
            guard let sent = batch, answer.id == sent.request else { continue }
            batch = nil
            switch answer.outcome {
            case .success(let reply):
                failures = 0
                reportRejections(reply)
                event = .stored(upTo: sent.lastRow)
            case .failure(let error):
                if !error.isOfConnection {
                    logger.warning("The status service refused a report; it is sent again.", [.error: "\(error)"])
                }
                fail()
            }
        }
        if let sent = batch, sent.deadline <= .now {
            reset()
            if failures == 2 {
                logger.warning(
                    .statusUnreachable, [.endpoint: client.endpoint])
            }
            fail()
        }
        return event
    }

    /// Returns the name of the status service's store where it is another one than at the last call; nil while it is not
    /// known.
    package func takeNewStore() -> String? {
        guard let known = store, !known.isTaken else { return nil }
        store?.isTaken = true
        return known.name
    }

    private func noteStore(_ reply: Reply) {
        // One that is older does not tell.
        guard let name = (try? reply.decode(Stored.self))?.store, name != store?.name else { return }
        store = (name, false)
    }

    /// Returns what operators want of this worker, as the last heartbeat's answer had it, and forgets it.
    func takeWishes() -> [Wish] {
        defer { wishes = [] }
        return wishes
    }

    private func reset() {
        batch = nil
        heartbeat = nil
        client.reset()
    }

    private func fail() {
        failures += 1
        if failures == 3, let refusal = client.refusal {
            logger.warning("Reports cannot be sent; they wait in the outbox.", [.reason: refusal])
        }
        quietUntil = .now + Backoff.delay(failures: failures)
    }

    private struct Stored: Decodable {
        struct Rejection: Decodable {
            var i: Int
            var msg: String
        }
        var rejected: [Rejection]?
        /// The stream of results, which a store that is made anew has another one of.
        var store: String?
    }

    /// A rejected row would be rejected again: it is logged and not repeated.
    private func reportRejections(_ reply: Reply) {
        for rejection in (try? reply.decode(Stored.self))?.rejected ?? [] {
            logger.error("The status service rejected a result.", [.index: "\(rejection.i)", .reason: rejection.msg])
        }
    }
}

/// How long to wait before trying again: 100 ms, doubled up to 5 s, with jitter.
package enum Backoff {
    /// The delay after `failures` failures in a row.
    package static func delay(failures: Int) -> Duration {
        let base = min(5000, 100 << min(max(0, failures - 1), 6))
        return .milliseconds(base / 2 + Int.random(in: 0...(base / 2)))
    }
}
