import Articles
import Glibc
import Ingestion
import Linux
import Messaging

/// The intake against a bare loop on one thread that opens, reads, hashes and renames the same warm files.
///
/// The intake is the real one: it scans, parses, encodes, commits records and ledger durably, and archives. The loop has
/// the names already and keeps nothing.
enum IntakeStage: Stage {
    static let name = "intake"

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 20_000
        return try [
            Size(name: "1 KB", bytes: 1 << 10, files: count, bar: nil),
            Size(name: "4 KB", bytes: 4 << 10, files: count, bar: .atLeast(0.4)),
            Size(name: "64 KB", bytes: 64 << 10, files: max(1, count / 8), bar: nil),
            Size(name: "1 MB", bytes: 1 << 20, files: max(1, count / 64), bar: .atLeast(0.5)),
        ].flatMap { try measure($0, workspace) }
    }

    /// Files of one size.
    private struct Size {
        let name: String
        let bytes: Int
        let files: Int
        let bar: Row.Bar?
    }

    private static func measure(_ size: Size, _ workspace: Workspace) throws -> [Row] {
        let files = Corpus.named(workspace.corpus.blocks(size.files, of: size.bytes))
        var rates: [(figure: Double, baseline: Double)] = []
        var processor: [(figure: Double, baseline: Double)] = []
        for _ in 0..<workspace.options.rounds {
            let intake = try measureIntake(files, workspace)
            let loop = try measureLoop(files, workspace)
            rates.append((intake.rate, loop.rate))
            processor.append((intake.processor, loop.processor))
        }
        let megabytes = rates.map { rate in
            (figure: rate.figure * Double(size.bytes) / 1e6, baseline: rate.baseline * Double(size.bytes) / 1e6)
        }
        return [
            Row(name, "\(size.files) files of \(size.name)", rounds: rates, "files/s", bar: size.bar),
            Row(name, "the same in bytes", rounds: megabytes, "MB/s"),
            // What a machine that has other things to do cannot blur.
            Row(name, "the same by its thread's processor time", rounds: processor, "files/s"),
        ]
    }

    private static func measureIntake(_ files: [(name: String, bytes: [UInt8])], _ workspace: Workspace) throws -> (
        rate: Double, processor: Double
    ) {
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
        let processor = Counter()
        let began = ContinuousClock.now
        let thread = try SystemThread(name: "intake") {
            do {
                try intake.run {}
                processor.add(Stopwatch.threadMicroseconds())
            } catch {
                failure.set("\(error)")
                done.ring()
            }
        }
        _ = Poll.readable([done.descriptor], timeout: .seconds(600))
        let time = (ContinuousClock.now - began) / .seconds(1)
        intake.drain()
        thread.join()
        if let text = failure.text { throw BenchmarkFailure("the intake failed: \(text)") }
        guard intake.snapshot.outcomes["published"] == files.count, counter.value == files.count * 2 else {
            throw BenchmarkFailure("the intake published \(intake.snapshot.outcomes) of \(files.count) files")
        }
        return (Double(files.count) / time, Double(files.count) / (Double(processor.value) / 1e6))
    }

    private static func measureLoop(_ files: [(name: String, bytes: [UInt8])], _ workspace: Workspace) throws
        -> (rate: Double, processor: Double)
    {
        let folder = try workspace.folder("loop")
        defer { workspace.remove(folder) }
        try mkdirOrThrow("\(folder)/drop")
        try mkdirOrThrow("\(folder)/drop/.done")
        try workspace.write(files, to: "\(folder)/drop")
        let paths = files.map { (from: "\(folder)/drop/\($0.name)", to: "\(folder)/drop/.done/\($0.name)") }
        let loop = BareIntake(maximumBytes: files.map(\.bytes.count).max() ?? 0)
        let before = Stopwatch.threadMicroseconds()
        let rate = try Stopwatch.rate(files.count) {
            for path in paths { try loop.take(path.from, to: path.to) }
        }
        let processor = Double(files.count) / (Double(Stopwatch.threadMicroseconds() - before) / 1e6)
        if loop.check == 0xff { Benchmark.say("") }
        return (rate, processor)
    }

    private static func mkdirOrThrow(_ path: String) throws {
        guard mkdir(path, 0o770) == 0 else { throw SystemError(operation: "make the directory '\(path)'") }
    }
}
