import Articles
import Linux
import Messaging
import Status
import ZeroMQ

/// Asks the status service for its state again and again, without blocking.
///
/// While there is no answer the last one stays, with what is wrong; it goes on asking, and comes back by itself.
final class StatusFeed {
    /// The last state that was told, and when that was on the monotonic clock.
    private(set) var last: (page: StatusPage, received: ContinuousClock.Instant)?
    /// Why there is no newer one, in a sentence; nil while all is well.
    private(set) var failure: String?

    private let client: CommandClient
    private let interval: Duration
    private var asked: (request: UInt64, deadline: ContinuousClock.Instant)?
    private var next = ContinuousClock.now
    private static let patience = Duration.seconds(5)

    init(client: CommandClient, interval: Duration) {
        self.client = client
        self.interval = interval
    }

    /// To wait for an answer.
    var readable: [PollEntry] { client.readable }

    /// How long until ``turn()`` has something to do.
    var untilDue: Duration { max(.zero, (asked?.deadline ?? next) - .now) }

    /// Asks where it is time, and takes an answer in; returns whether there is something new to show.
    func turn() throws -> Bool {
        var isNew = false
        while let answer = try client.receive() {
            guard answer.id == asked?.request else { continue }
            asked = nil
            isNew = true
            switch answer.outcome {
            case .success(let reply):
                last = (StatusPage(JSONText.read(reply.json)), .now)
                failure = nil
            case .failure(let error): failure = error.message
            }
        }
        if let asked, asked.deadline <= .now || client.isRefused {
            self.asked = nil
            failure = client.refusal ?? "the status service does not answer at '\(client.endpoint)'"
            client.reset()
            isNew = true
        }
        if asked == nil, next <= .now {
            next = .now + interval
            if let request = try client.send("STATUS", json: Array("{}".utf8)) {
                // Being asked is cheap for a service that is there: one that is not is asked again soon.
                asked = (request, .now + max(interval, .seconds(1), last == nil ? .seconds(1) : StatusFeed.patience))
            } else {
                failure = client.refusal ?? "the status service takes no questions now"
                isNew = true
            }
        }
        return isNew
    }

    /// What is to be said of a state that is not of now; nil where it is.
    var staleness: ScreenLine? {
        guard let failure else { return nil }
        guard let last else { return ScreenLine("\(failure); it is asked again", .bad) }
        let age = Wording.span((ContinuousClock.now - last.received).components.seconds)
        return ScreenLine("\(failure); this is what it told \(age) ago, and it is asked again", .bad)
    }
}
