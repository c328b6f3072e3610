import Articles
import Hashing
import TestSupport

@testable import Ingestion

/// A model case under way: the real intake on a bench, what is done to it, and the model that is asked after everything.
final class ModelRun {
    private let modelCase: ModelCase
    private let bench: Bench
    private let archive: ScratchDirectory?
    private let hand: ModelHand
    private var model: IntakeModel
    private var lastSequence: Int64 = 0
    private var armed: [(point: IntakePoint, action: ModelAction)] = []
    private var problem: String?

    /// Something is wrong that was noticed in the middle of the work.
    private struct Wrong: Error {}

    init(_ modelCase: ModelCase) throws {
        self.modelCase = modelCase
        let archive = modelCase.after == .archiveElsewhere ? try OtherFileSystem.directory() : nil
        self.archive = archive
        bench = try Bench {
            $0.after =
                switch modelCase.after {
                case .archive, .archiveElsewhere: .archive
                case .delete: .delete
                case .leave: .leave
                }
            $0.archiveDirectory = archive?.path
            $0.usesEvents = modelCase.usesEvents
            $0.duplicates = modelCase.republishes ? .republish : .skip
            $0.openFileWait = .seconds(30)
        }
        hand = try ModelHand(bench.scratch)
        let rules = IntakeModel.Rules(
            quiet: bench.directory.quietTime, settle: bench.directory.settleTimePolling,
            openFile: bench.directory.openFileWait, usesEvents: modelCase.usesEvents,
            leaves: modelCase.after == .leave, republishes: modelCase.republishes)
        model = IntakeModel(rules: rules) {
            SHA256.hash($0).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        bench.atPoint = { [unowned self] in try visit($0) }
    }

    /// Runs it; returns what is wrong, or nil.
    func run() throws -> String? {
        try start()
        for action in modelCase.actions where problem == nil {
            switch action {
            case .pass(let milliseconds): try pass(.milliseconds(milliseconds))
            case .restart: try start()
            case .during(let point, let action): armed.append((point, action))
            case .crash(let point): armed.append((point, action))
            default: perform(action, whileWorking: false)
            }
        }
        armed.removeAll()
        for name in ModelAction.names { perform(.close(name), whileWorking: false) }
        // Longer than any wait; where files stay, all of them are looked at in it.
        try pass(.seconds(modelCase.after == .leave ? 150 : 75))
        return problem ?? model.ended() ?? leftBehind()
    }

    // MARK: Work

    private func start() throws {
        bench.kill()
        model.restarted()
        try bench.start()
        try settle()
    }

    private func pass(_ duration: Duration) throws {
        let end = bench.now + duration
        while bench.now < end, problem == nil {
            bench.now = min(end, bench.now + bench.directory.pollInterval)
            try settle()
        }
    }

    private func settle() throws {
        do {
            try bench.settle()
            try note(model.worked(standing, now: moment))
            try note(model.rested(records(), folders: folders, now: moment))
        } catch is Wrong {
            return
        } catch is Bench.Killed {
            try? note(model.worked(standing, now: moment))
            try? note(model.rested(records(), folders: [], now: moment))
            if problem == nil { try start() }
        }
    }

    /// Does what is to be done at a point.
    private func visit(_ point: IntakePoint) throws {
        while let index = armed.firstIndex(where: { $0.point == point }) {
            let action = armed.remove(at: index).action
            if case .crash = action { throw Bench.Killed(point: point) }
            try note(model.worked(standing, now: moment))
            perform(action, whileWorking: true)
        }
    }

    private func perform(_ action: ModelAction, whileWorking: Bool) {
        let before = kept
        let writing = hand.perform(action)
        model.produced(action, standing, writing, whileWorking: whileWorking, now: moment)
        for (path, file) in kept where before[path]?.content != file.content {
            model.keptChanged(from: before[path]?.content ?? [], to: file.content)
        }
    }

    private func note(_ text: String?) throws {
        guard let text else { return }
        problem = problem ?? text
        throw Wrong()
    }

    // MARK: What is there

    private var moment: IntakeModel.Moment { IntakeModel.Moment(bench: bench.now, machine: .now) }

    private var standing: [String: StandingFile] { StandingFile.all(in: bench.scratch, "drop") }

    /// What is in archive and quarantine; a copy on another file system changes no more.
    private var kept: [String: StandingFile] {
        StandingFile.all(in: bench.scratch, "drop/.done").merging(quarantine) { one, _ in one }
    }

    private var quarantine: [String: StandingFile] {
        let files = StandingFile.all(in: bench.scratch, "drop/.quarantine").filter { !$0.key.hasSuffix(".reason.json") }
        return Dictionary(uniqueKeysWithValues: files.map { ("quarantine/\($0.key)", $0.value) })
    }

    private var folders: [String] { ModelAction.folders.filter { bench.scratch.exists("drop/\($0)") } }

    /// The records of files since the last call.
    private func records() throws -> [IntakeModel.Told] {
        var articles: [String: Int] = [:]
        var told: [IntakeModel.Told] = []
        for row in try bench.log(after: lastSequence) {
            lastSequence = row.sequence
            if row.topic.hasPrefix("art/") {
                guard let digest = row.json["ingest"]?["sha256"]?.stringValue else { continue }
                articles[digest, default: 0] += 1
            } else if row.topic.hasPrefix("file/") {
                let digest = row.text("sha256") ?? ""
                told.append(
                    IntakeModel.Told(
                        path: row.text("path") ?? "", sha256: digest, outcome: row.text("outcome") ?? "",
                        code: row.text("code") ?? "", articles: articles.removeValue(forKey: digest) ?? 0))
            }
        }
        if let invented = articles.keys.first { try note("an article came without a record of its file: \(invented)") }
        return told
    }

    /// Compares archive and quarantine with what went there.
    private func leftBehind() -> String? {
        let scratch = bench.scratch
        if !isSame(quarantine.values.map(\.content), model.quarantined) {
            return "the quarantine is not what went there"
        }
        if !scratch.list("drop/.dropwire").isEmpty { return "a file is left under its private name" }
        switch modelCase.after {
        case .archive:
            let archived = StandingFile.all(in: scratch, "drop/.done").values.map(\.content)
            return isSame(archived, model.disposed) ? nil : "the archive is not what went there"
        case .archiveElsewhere:
            // The copy of a file serves for the same file with the same times.
            let archived = Set(StandingFile.all(in: archive!, "test").values.map(\.content))
            return archived == Set(model.disposed) ? nil : "the archive is not what went there"
        case .delete, .leave: return scratch.exists("drop/.done") ? "there is an archive" : nil
        }
    }

    private func isSame(_ contents: [[UInt8]], _ others: [[UInt8]]) -> Bool {
        Dictionary(contents.map { ($0, 1) }, uniquingKeysWith: +)
            == Dictionary(others.map { ($0, 1) }, uniquingKeysWith: +)
    }
}
