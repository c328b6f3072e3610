import Linux

@testable import Ingestion

/// When a file is complete, told from its whole history: what events and looks showed of it, one after the other. The state
/// machine keeps none of that and must come to the same moments.
struct ReadinessModel {
    /// What is done to a file, and whether the machine is told.
    enum Step: Sendable {
        case pass(milliseconds: Int)
        case write(isTold: Bool)
        case close
        case renameOver(isTold: Bool)
        /// Its mode is changed, of which no event tells.
        case setMode
        case create(isLinked: Bool)
        case look
        case loseEvents

        /// Chooses one.
        static func random(using random: inout some RandomNumberGenerator) -> Step {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<4: .pass(milliseconds: [0, 100, 200, 300, 2000, 10_000].randomElement(using: &random)!)
            case 4: .write(isTold: true)
            case 5: .write(isTold: false)
            case 6: .close
            case 7: .renameOver(isTold: Bool.random(using: &random))
            case 8: .setMode
            case 9: .create(isLinked: Bool.random(using: &random))
            case 10: .look
            default: .loseEvents
            }
        }
    }

    /// What the machine was shown.
    private enum Shown {
        case first, renamed, closed, written, linked
        /// By a look: another inode, other content, other metadata.
        case other, changed, metadata
        case lost
    }

    private var history: [(shown: Shown, at: Duration)] = [(.first, .zero)]
    private var now = Duration.zero
    private var file: FileStatus
    private var seen: FileStatus
    private var tick: Int64 = 1
    private var machine: Readiness
    private let rules: Readiness.Rules

    init(rules: Readiness.Rules) {
        self.rules = rules
        file = ReadinessModel.status(inode: 1, size: 1, tick: 1)
        seen = file
        machine = Readiness(file, age: .zero, now: .zero)
    }

    /// Returns a sentence where the machine differs from the history after one of the steps.
    static func problem(of steps: [Step], rules: Readiness.Rules) -> String? {
        var model = ReadinessModel(rules: rules)
        for step in steps {
            model.take(step)
            let due = model.machine.settled(by: rules)
            if due != model.expected { return "complete at \(due), by its history at \(model.expected)" }
        }
        return nil
    }

    private mutating func take(_ step: Step) {
        switch step {
        case .pass(let milliseconds): now += .milliseconds(milliseconds)
        case .write(let isTold):
            change(inode: file.inode, size: file.size + 10)
            if isTold { tell(.modified, .written) }
        case .close: tell(.closed, .closed)
        case .renameOver(let isTold):
            change(inode: file.inode + 1, size: 7)
            if isTold { tell(.movedIn, .renamed) }
        case .setMode:
            tick += 1
            file = ReadinessModel.status(inode: file.inode, size: file.size, tick: file.modified, changed: tick)
        case .create(let isLinked):
            change(inode: file.inode + 1, size: 0, links: isLinked ? 2 : 1)
            tell(.created, isLinked ? .linked : .written)
        case .look:
            showDifference()
            machine.look(file, now: now)
        case .loseEvents:
            history.append((.lost, now))
            machine.eventsWereLost(now: now)
        }
    }

    private mutating func change(inode: UInt64, size: Int64, links: Int = 1) {
        tick += 1
        file = ReadinessModel.status(inode: inode, size: size, tick: tick, links: links)
    }

    private mutating func tell(_ event: Readiness.Event, _ shown: Shown) {
        showDifference()
        history.append((shown, now))
        machine.note(event, file, now: now)
    }

    private mutating func showDifference() {
        if file.inode != seen.inode {
            history.append((.other, now))
        } else if file.size != seen.size || file.modified != seen.modified {
            history.append((.changed, now))
        } else if file.changed != seen.changed {
            history.append((.metadata, now))
        }
        seen = file
    }

    /// The moment by the history: the wait that its last word asks for, after the last thing that was shown.
    private var expected: Duration {
        // What came in by a rename has had its time before; what was lost counts once, where somebody was writing.
        let word = word
        let moments = history.indices.filter { index in
            switch history[index].shown {
            case .renamed: false
            case .lost: index == word.lost
            default: true
            }
        }
        return history[moments.last!].at + word.wait
    }

    private var word: (wait: Duration, lost: Int?) {
        var hasChanged = false
        var lost: Int?
        for index in history.indices.reversed() {
            switch history[index].shown {
            case .renamed: return (hasChanged ? rules.settle : .zero, nil)
            case .closed: return (hasChanged ? rules.settle : rules.quiet, nil)
            // Whoever writes still does, whatever looks show.
            case .written: return (lost == nil ? rules.openFile : rules.polling, lost)
            case .linked, .other, .first: return (rules.settle, nil)
            case .changed: hasChanged = true
            case .metadata: break
            // The first of them.
            case .lost: lost = index
            }
        }
        return (rules.settle, nil)
    }

    private static func status(
        inode: UInt64, size: Int64, tick: Int64, changed: Int64? = nil, links: Int = 1
    ) -> FileStatus {
        FileStatus(
            kind: .regular, device: 1, inode: inode, size: size, modified: tick, changed: changed ?? tick, links: links)
    }
}
