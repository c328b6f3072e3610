import TestSupport

/// A drop directory of some kind and what is done to it, all of it from one seed.
struct ModelCase: CustomStringConvertible {
    enum After: CaseIterable { case archive, archiveElsewhere, delete, leave }

    let seed: UInt64
    let after: After
    let usesEvents: Bool
    let republishes: Bool
    var actions: [ModelAction]

    init(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        self.seed = seed
        after = After.allCases.filter { $0 != .archiveElsewhere || OtherFileSystem.isThere }
            .randomElement(using: &random)!
        usesEvents = Int.random(in: 0..<3, using: &random) > 0
        republishes = Int.random(in: 0..<4, using: &random) == 0
        actions = (0..<60).map { ModelAction.random(number: $0 + 1, using: &random) }
    }

    var description: String {
        let heading =
            "seed \(seed): after = \(after), events = \(usesEvents), duplicates = \(republishes ? "republish" : "skip")"
        return ([heading] + actions.map { "  \($0)" }).joined(separator: "\n")
    }

    /// Runs it; returns what is wrong, or nil.
    func run() -> String? {
        do { return try ModelRun(self).run() } catch { return "it broke off: \(error)" }
    }

    /// Returns the case without what need not be done for it to fail.
    func shrunk() -> ModelCase {
        var smaller = self
        smaller.actions = Shrinking.shrink(actions) { actions in
            var candidate = self
            candidate.actions = actions
            return candidate.run() != nil
        }
        return smaller
    }
}
