package import Articles
import FoundationEssentials
import HTTPClient
import Linux
package import Messaging
import Telemetry

/// Delivers the matches of one webhook, one after the other: takes them from their log into the outbox, and posts each
/// until the receiver takes it.
///
/// A delivery may come twice, where an answer was lost; its id tells. A receiver that fails is left alone for a while that
/// doubles, whatever waits for it; a delivery that it refuses is tried later, and others go on.
package final class Courier {
    /// Returns the record of an article that may be shown; nil where there is none any more.
    package typealias Archive = (ArticleID) throws -> [UInt8]?

    /// More do not wait: what comes stays in the log of the matches.
    private static let capacity = 100_000
    /// So much of an answer is looked at.
    private static let answerBytes = 1 << 20

    private let configuration: WebhookConfiguration
    private let signer: WebhookSigner
    private let store: DeliveryStore
    private let log: LogReader
    private let archive: Archive
    private let client: Client
    private let now: () -> Int64
    private let logger = Logger(label: "webhook")
    /// Attempts that failed in a row.
    private var failures = 0
    /// Until when the receiver is left alone, milliseconds since 1970.
    private var pausedUntil: Int64 = 0

    /// Makes a courier.
    ///
    /// - Parameters:
    ///   - log: the log of the matches.
    ///   - now: milliseconds since 1970.
    package init(
        _ configuration: WebhookConfiguration, signer: WebhookSigner, store: DeliveryStore, log: LogReader,
        archive: @escaping Archive, now: @escaping () -> Int64
    ) throws {
        self.configuration = configuration
        self.signer = signer
        self.store = store
        self.log = log
        self.archive = archive
        self.now = now
        client = try Client()
        // Matches from now on.
        _ = try store.position(of: configuration.name, stream: log.stream.description, head: log.head())
    }

    /// Takes what has come and makes one attempt, if one is due.
    ///
    /// - Parameter shouldGoOn: asked about once a second while it waits for an answer.
    /// - Returns: how long nothing is due; nil where nothing waits.
    package func step(shouldGoOn: () -> Bool = { true }) throws -> Duration? {
        let isMore = try take()
        let now = now()
        guard pausedUntil <= now else { return .milliseconds(pausedUntil - now) }
        guard let delivery = try store.due(of: configuration.name, now: now) else {
            if isMore { return .zero }
            return try store.nextDue(of: configuration.name).map { .milliseconds(max(0, $0 - now)) }
        }
        try deliver(delivery, shouldGoOn)
        return .zero
    }

    /// Whatever the receiver did, the next attempt is due.
    package func forgetPause() { (failures, pausedUntil) = (0, 0) }

    // MARK: Taking

    /// Moves matches from the log into the outbox; returns whether there are more.
    private func take() throws -> Bool {
        let name = configuration.name
        let head = try log.head()
        var seq = try store.position(of: name, stream: log.stream.description, head: head)
        guard seq < head, try store.waitingCount(of: name) < Courier.capacity else { return false }
        let low = try log.low(head: head)
        // Also those of other searches: which they were is not known any more.
        let lost = low > seq + 1 ? Int(clamping: low - seq - 1) : 0
        if lost > 0 {
            logger.error(
                .matchesLost, [.webhook: name, .count: "\(lost)"])
            seq = low - 1
        }
        let topics = configuration.searches.map { Topic.match(name: $0).description }
        let (records, next) = try log.records(after: seq, upTo: head, topics: topics, limit: 500)
        let matches = records.filter { RecordType.of($0.bytes) == .match }.map { record in
            (id: "match_\(record.position.stream)_\(record.position.seq)", match: record.bytes)
        }
        try store.take(matches, lost: lost, upTo: next, of: name, now: now())
        return next < head
    }

    // MARK: Delivering

    private func deliver(_ delivery: Delivery, _ shouldGoOn: () -> Bool) throws {
        guard let match = try? JSONDecoder().decode(MatchRecord.self, from: Data(delivery.match)),
            let article = try archive(match.articleID)
        else { return try store.finish(delivery, .withdrawn, of: configuration.name) }
        let body = Courier.body(match: delivery.match, article: article)
        let headers =
            signer.headers(id: delivery.id, time: now() / 1000, body: body)
            + [("Content-Type", "application/json"), ("User-Agent", "dropwire")]
        let reply: ClientReply
        do throws(ClientError) {
            reply = try client.post(
                configuration.url, headers: headers, body: body, timeout: configuration.timeout,
                maximumBytes: Courier.answerBytes, shouldGoOn: shouldGoOn)
        } catch {
            // The process ends: it was no attempt that the receiver failed.
            if error.kind == .canceled { return }
            return try fail(delivery, error.description, isOfReceiver: true, after: nil)
        }
        guard (200..<300).contains(reply.status) else {
            let isOfReceiver = reply.status >= 500 || reply.status == 429 || reply.status == 408
            return try fail(
                delivery, "the answer was status \(reply.status)", isOfReceiver: isOfReceiver, after: reply.retryAfter)
        }
        try store.finish(delivery, .delivered, of: configuration.name)
        if failures > 0 { logger.notice("A webhook is delivered again.", [.webhook: configuration.name]) }
        failures = 0
    }

    /// Returns the record of a match with that of its article in it, as `article`.
    private static func body(match: [UInt8], article: [UInt8]) -> [UInt8] {
        match.dropLast() + Array(",\"article\":".utf8) + article + [UInt8(ascii: "}")]
    }

    private func fail(_ delivery: Delivery, _ reason: String, isOfReceiver: Bool, after: Duration?) throws {
        let now = now()
        failures += 1
        let wait = Courier.delay(after: delivery.attempts + 1, first: .seconds(5), factor: 4, longest: .seconds(21_600))
        let isLast = now - delivery.made >= configuration.giveUpAfter.wholeMilliseconds
        let asked = after?.wholeMilliseconds ?? 0
        let due = isLast ? nil : now + max(wait, asked)
        try store.fail(delivery, reason: reason, due: due, of: configuration.name)
        // What is refused once is that delivery's matter; what is refused again and again is the receiver's.
        if isOfReceiver || failures > 2 {
            let pause = Courier.delay(after: failures, first: .seconds(5), factor: 2, longest: .seconds(900))
            pausedUntil = now + max(pause, asked)
        }
        logger.warning(
            isLast ? .deliveryGivenUp : "A delivery failed.",
            [
                .webhook: configuration.name, .deliveryID: delivery.id, .reason: reason,
                .attempt: "\(delivery.attempts + 1)",
            ])
    }

    /// Returns the wait behind so many failures, with a fifth of it by chance, so that couriers do not come together.
    private static func delay(after failures: Int, first: Duration, factor: Double, longest: Duration) -> Int64 {
        var wait = Double(first.wholeMilliseconds)
        for _ in 1..<min(max(failures, 1), 32) { wait = min(wait * factor, Double(longest.wholeMilliseconds)) }
        return Int64(wait * Double.random(in: 0.9...1.1))
    }
}
