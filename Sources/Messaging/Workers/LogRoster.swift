import Linux
import Telemetry
import ZeroMQ

/// The logs that a process works on, as they come and go: those of its configuration, and those that the status service
/// tells of.
///
/// It asks by STREAMS without blocking. A status service that does not answer changes nothing.
final class LogRoster {
    /// What is to be worked on now.
    private(set) var sources: [LogSource]

    private let configured: [LogSource]
    private let client: CommandClient?
    private var question: (request: UInt64, deadline: ContinuousClock.Instant)?
    private var nextQuestion = ContinuousClock.now
    private var found: [(source: LogSource, listed: ContinuousClock.Instant)] = []
    private let logger = Logger(label: "streams")
    private static let interval = Duration.seconds(5)
    /// What is not listed for so long is gone. A status service that was just started lists nobody for a moment.
    private static let memory = Duration.seconds(60)

    /// Makes a roster.
    ///
    /// - Parameter statusEndpoints: of the status service that is asked; nil where nobody is.
    init(context: Context, configured: [LogSource], statusEndpoints: [String]?) {
        self.configured = configured
        sources = configured
        client = statusEndpoints.map { CommandClient(context: context, endpoints: $0) }
    }

    /// To wait for an answer.
    var readable: [PollEntry] { question == nil ? [] : client?.readable ?? [] }

    /// How long until ``turn()`` has something to do.
    var untilDue: Duration {
        guard client != nil else { return .seconds(60) }
        return max(.zero, (question?.deadline ?? nextQuestion) - .now)
    }

    /// Asks where it is time, and takes an answer in; returns whether ``sources`` changed.
    func turn() -> Bool {
        guard let client else { return false }
        if let answered = question?.request {
            do {
                while let answer = try client.receive() {
                    guard answer.id == answered else { continue }
                    question = nil
                    guard let list = try? answer.outcome.get().decode(ServedStreams.self) else { break }
                    return take(list.articleLogs(from: ProcessInformation.hostName))
                }
            } catch { giveUp() }
        }
        if let question, question.deadline <= .now { giveUp() }
        if question == nil, nextQuestion <= .now {
            nextQuestion = .now + LogRoster.interval
            question = (try? client.send("STREAMS", json: Array("{}".utf8)))?.map { ($0, .now + .seconds(10)) }
        }
        return false
    }

    /// Takes in what is there at a moment; returns whether ``sources`` changed.
    func take(_ listed: [LogSource], at now: ContinuousClock.Instant = .now) -> Bool {
        for source in listed {
            // A log with several names is followed under the first: the addresses count.
            found.removeAll { $0.source.endpoints == source.endpoints }
            found.append((source, now))
        }
        found.removeAll { now - $0.listed > LogRoster.memory }
        let others = found.map(\.source).filter { source in !configured.contains { $0.isSameServer(as: source) } }
        let all = configured + others.sorted { ($0.name, $0.endpoints[0]) < ($1.name, $1.endpoints[0]) }
        guard all != sources else { return false }
        for source in all where !sources.contains(source) {
            logger.info("A log is followed from now on.", [.name: source.name, .endpoint: source.endpoints[0]])
        }
        for source in sources where !all.contains(source) {
            logger.info("A log is not listed any more.", [.name: source.name, .endpoint: source.endpoints[0]])
        }
        sources = all
        return true
    }

    private func giveUp() {
        question = nil
        client?.reset()
    }
}
