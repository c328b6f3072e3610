import Articles
import Messaging

/// Whether anything is lost or stuck, in one sentence. Pure.
struct Glance: Equatable {
    /// How much somebody should look.
    enum Level: String {
        case good
        /// Nothing is wrong, but something waits for a person.
        case held
        case bad
    }

    var level: Level
    var sentence: String

    /// What the sentence is made of.
    struct Facts: Equatable {
        /// Nobody has told of itself yet.
        var isSilent = false
        /// Consumers that retention took records from before they had read them.
        var losers: [String] = []
        var troubles = 0
        /// Whom the first of them is about.
        var troubled = ""
        var isPaused = false
        /// Files in drop directories that nobody has taken yet, and how long the oldest waits.
        var waiting = 0
        var oldestSeconds: Int64?
        var quarantined: Int64 = 0
        /// Sources that are silent for longer than is usual for them.
        var quiet = 0
        /// Articles that a worker gave up, and dead letters of groups.
        var dead: Int64 = 0
    }

    init(_ facts: Facts) {
        guard !facts.isSilent else {
            level = .held
            sentence = "No process has told of itself yet, so nothing can be said; each does every five seconds."
            return
        }
        let people = [
            facts.quarantined > 0 ? "\(Wording.count(facts.quarantined, "file")) in quarantine" : nil,
            facts.dead > 0 ? "\(Wording.count(facts.dead, "article")) that a worker gave up" : nil,
        ].compactMap { $0 }
        let isCalm = people.isEmpty && !facts.isPaused && facts.quiet == 0
        level = !facts.losers.isEmpty || facts.troubles > 0 ? .bad : isCalm ? .good : .held
        var sentences: [String] = []
        if !facts.losers.isEmpty {
            sentences.append("Something is lost: retention took records that \(facts.losers[0]) had yet to read.")
        }
        if facts.troubles > 0 {
            let others = facts.troubles > 1 ? ", and \(Wording.count(facts.troubles - 1, "more trouble"))" : ""
            sentences.append("Something is stuck: look at \(facts.troubled)\(others).")
        }
        if sentences.isEmpty { sentences.append("Nothing is lost, and nothing is stuck.") }
        if facts.isPaused { sentences.append("The operator has paused the intake.") }
        if facts.waiting > 0 {
            let age = facts.oldestSeconds.map { ", the oldest for \(Wording.span(max(0, $0)))" } ?? ""
            let verb = facts.waiting == 1 ? "waits" : "wait"
            sentences.append("\(Wording.count(facts.waiting, "file")) \(verb)\(age).")
        }
        if facts.quiet > 0 {
            sentences.append("\(Wording.count(facts.quiet, "source")) \(facts.quiet == 1 ? "is" : "are") quiet.")
        }
        if !people.isEmpty { sentences.append("For you to decide: \(people.joined(separator: ", ")).") }
        sentence = sentences.joined(separator: " ")
    }
}

extension Glance {
    init(_ snapshot: StatusSnapshot) {
        var facts = Facts()
        facts.isSilent = snapshot.processes.isEmpty
        facts.losers = snapshot.readers.filter { $0.trouble != nil }.map(\.name)
        facts.troubles = snapshot.troubles.count
        facts.troubled = snapshot.troubles.first?.name ?? ""
        facts.isPaused = snapshot.pausedSince != nil
        facts.waiting = snapshot.directories.reduce(snapshot.otherDirectories.waiting) { $0 + $1.directory.waiting }
        facts.oldestSeconds = snapshot.oldestWaiting.map { (snapshot.time.milliseconds - $0.time.milliseconds) / 1000 }
        facts.quarantined = snapshot.quarantineCount
        let letters = snapshot.readers.reduce(Int64(0)) { $0 + Int64($1.dead ?? 0) }
        // A stateless worker tells of what it gives up, too; the group's letter is the same article.
        facts.dead = max(letters, snapshot.failureCounts.dead)
        facts.quiet = snapshot.sources.quiet
        self.init(facts)
    }
}
