import Articles
import Glibc
import Ingestion
import Linux
import Messaging

/// The intake against a bare loop on one thread that opens, reads, hashes and renames the same warm files, and against
/// the same loop where it also keeps their bytes in SQLite, durably, before it renames them.
///
/// The intake is the real one: it scans, parses, encodes, commits records and ledger durably, and archives. The loops have
/// the names already; the one keeps nothing, the other shows how much of the way the disk and SQLite alone take.
enum IntakeStage: Stage {
    static let name = "intake"

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 20_000
        let sizes = workspace.options.sizes.isEmpty ? [1, 4, 64, 1024] : workspace.options.sizes
        return try sizes.flatMap { kilobytes in
            // As many as fill some hundred megabytes.
            let size = Size(kilobytes: kilobytes, files: min(count, max(1, count * 16 / kilobytes)))
            return try measure(size, workspace)
        }
    }

    /// Files of one size.
    private struct Size {
        let kilobytes: Int
        let files: Int

        var name: String { kilobytes < 1024 ? "\(kilobytes) KB" : "\(kilobytes / 1024) MB" }

        /// What is asked of the intake beside the loop that keeps nothing.
        var bar: Row.Bar? {
            switch kilobytes {
            case 4: .atLeast(0.4)
            case 1024: .atLeast(0.5)
            default: nil
            }
        }
    }

    /// How fast files went, by the clock and by the processor time of all threads, in files a second.
    private struct Pace {
        let rate: Double
        let processor: Double
    }

    private static func measure(_ size: Size, _ workspace: Workspace) throws -> [Row] {
        let files = Corpus.named(workspace.corpus.blocks(size.files, of: size.kilobytes << 10))
        var rounds: [(intake: Pace, loop: Pace, keeping: Pace)] = []
        for _ in 0..<workspace.options.rounds {
            rounds.append(
                (
                    try measureIntake(files, workspace), try measureLoop(files, workspace, isKeeping: false),
                    try measureLoop(files, workspace, isKeeping: true)
                ))
        }
        let megabytes = Double(size.kilobytes) * 1024 / 1e6
        return [
            Row(
                name, "\(size.files) files of \(size.name)", rounds: rounds.map { ($0.intake.rate, $0.loop.rate) },
                "files/s", bar: size.bar),
            Row(
                name, "the same in bytes",
                rounds: rounds.map { ($0.intake.rate * megabytes, $0.loop.rate * megabytes) }, "MB/s"),
            // What a machine that has other things to do cannot blur.
            Row(
                name, "the same by processor time", rounds: rounds.map { ($0.intake.processor, $0.loop.processor) },
                "files/s"),
            Row(
                name, "bare that keeps the bytes in SQLite", rounds: rounds.map { ($0.intake.rate, $0.keeping.rate) },
                "files/s"),
            Row(
                name, "the same by processor time",
                rounds: rounds.map { ($0.intake.processor, $0.keeping.processor) }, "files/s"),
        ]
    }

    private static func measureIntake(_ files: [(name: String, bytes: [UInt8])], _ workspace: Workspace) throws
        -> Pace
    {
        let folder = try workspace.folder("intake")
        defer { workspace.remove(folder) }
        try mkdirOrThrow("\(folder)/drop")
        try workspace.write(files, to: "\(folder)/drop")
        var directory = DropDirectoryConfiguration(path: "\(folder)/drop")
        directory.settleTime = .zero
        var configuration = Configuration()
        configuration.directories = [directory]
        let counter = Counter()
        let intake = try Intake(
            configuration: configuration,
            options: Intake.Options(databasePath: "\(folder)/log.sqlite", statePath: folder)
        ) { records in counter.add(records.count) }
        let done = try WakeUp()
        intake.setOnRest {
            let taken = intake.snapshot.outcomes.values.reduce(0, +)
            if taken >= files.count { done.ring() }
        }
        let failure = Failure()
        let before = Stopwatch.processorMicroseconds()
        let began = ContinuousClock.now
        let thread = try SystemThread(name: "intake") {
            do {
                try intake.run {}
            } catch {
                failure.set("\(error)")
                done.ring()
            }
        }
        _ = Poll.readable([done.descriptor], timeout: .seconds(600))
        let time = (ContinuousClock.now - began) / .seconds(1)
        let processor = Double(Stopwatch.processorMicroseconds() - before) / 1e6
        intake.drain()
        thread.join()
        if let text = failure.text { throw BenchmarkFailure("the intake failed: \(text)") }
        guard intake.snapshot.outcomes["published"] == files.count, counter.value == files.count * 2 else {
            throw BenchmarkFailure("the intake published \(intake.snapshot.outcomes) of \(files.count) files")
        }
        return Pace(rate: Double(files.count) / time, processor: Double(files.count) / processor)
    }

    private static func measureLoop(
        _ files: [(name: String, bytes: [UInt8])], _ workspace: Workspace, isKeeping: Bool
    ) throws -> Pace {
        let folder = try workspace.folder("loop")
        defer { workspace.remove(folder) }
        try mkdirOrThrow("\(folder)/drop")
        try mkdirOrThrow("\(folder)/drop/.done")
        try workspace.write(files, to: "\(folder)/drop")
        let paths = files.map { (from: "\(folder)/drop/\($0.name)", to: "\(folder)/drop/.done/\($0.name)") }
        let size = files.map(\.bytes.count).max() ?? 0
        let loop = BareIntake(maximumBytes: size)
        let log = isKeeping ? try BareLog(path: "\(folder)/log.sqlite") : nil
        // As large as the intake's own.
        let batch = max(1, min(500, (8 << 20) / max(1, size)))
        let before = Stopwatch.processorMicroseconds()
        let rate = try Stopwatch.rate(files.count) {
            guard let log else {
                for path in paths { try loop.take(path.from, to: path.to) }
                return
            }
            for start in stride(from: 0, to: paths.count, by: batch) {
                let slice = paths[start..<min(start + batch, paths.count)]
                try log.transaction { for path in slice { try loop.read(path.from, log.append) } }
                for path in slice { try loop.move(path.from, to: path.to) }
            }
        }
        let processor = Double(files.count) / (Double(Stopwatch.processorMicroseconds() - before) / 1e6)
        if loop.check == 0xff { Benchmark.say("") }
        return Pace(rate: rate, processor: processor)
    }

    private static func mkdirOrThrow(_ path: String) throws {
        guard mkdir(path, 0o770) == 0 else { throw SystemError(operation: "make the directory '\(path)'") }
    }
}
