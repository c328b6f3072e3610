/// How often each sentence may be written: a burst at once, and then at a rate.
///
/// What is left out is counted, and told with the next line of that sentence, or when there has been room for one again.
struct LogRate {
    /// What becomes of a line.
    enum Verdict: Equatable {
        /// It is written, and before it how many were left out.
        case written(leftOut: Int)
        case leftOut
    }

    /// How many lines of one sentence may be written at once.
    static let burst = 50
    /// How long it takes until there is room for one more.
    static let interval = Duration.milliseconds(500)
    /// Sentences are constants of the program: more than these are not expected, and not kept apart.
    static let capacity = 512

    private struct Account {
        /// When it would be as if nothing had ever been written.
        var emptyAt: ContinuousClock.Instant
        var leftOut = 0

        func hasRoom(at now: ContinuousClock.Instant) -> Bool { emptyAt - now <= interval * (burst - 1) }
    }

    private var accounts: [String: Account] = [:]

    /// Judges a line.
    mutating func judge(_ sentence: String, now: ContinuousClock.Instant) -> Verdict {
        let name = accounts[sentence] != nil || accounts.count < LogRate.capacity ? sentence : ""
        var account = accounts[name] ?? Account(emptyAt: now)
        defer { accounts[name] = account }
        guard account.hasRoom(at: now) else {
            account.leftOut += 1
            return .leftOut
        }
        account.emptyAt = max(account.emptyAt, now) + LogRate.interval
        defer { account.leftOut = 0 }
        return .written(leftOut: account.leftOut)
    }

    /// Takes the sentences of which lines were left out and that may be written again, with how many those were.
    mutating func takeLeftOut(now: ContinuousClock.Instant) -> [(sentence: String, count: Int)] {
        let due = accounts.filter { $0.value.leftOut > 0 && $0.value.hasRoom(at: now) }
        for sentence in due.keys { accounts[sentence]?.leftOut = 0 }
        return due.map { ($0.key, $0.value.leftOut) }.sorted { $0.sentence < $1.sentence }
    }

    /// Some lines were left out that nobody was told of.
    var hasLeftOut: Bool { accounts.values.contains { $0.leftOut > 0 } }
}
