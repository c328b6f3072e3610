import Glibc
import Linux

/// A drop directory with very many files that wait, until all are taken: memory, and whether it becomes slower on the way
/// (beside a bare loop, since a large directory has costs of its own); then a start with all of them in the ledger, and once
/// more as many that wait.
enum BacklogStage: Stage {
    static let name = "backlog"
    static let isLong = true

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 1_000_000
        let part = min(10_000, count / 4)
        let watcher = try Watcher(workspace)
        defer { workspace.remove(watcher.folder) }
        let drop = "\(watcher.folder)/drop"
        try SmallFiles.write(0..<count, to: drop, workspace)
        try SmallFiles.settle()
        let began = ContinuousClock.now
        let ready = try watcher.start([.init(path: drop)])
        try watcher.wait(atMost: .seconds(60), "no file is taken") { try watcher.files() > 0 }
        let first = ContinuousClock.now - began
        try watcher.waitForFiles(count, atMost: .seconds(36_000))
        let peak = Double(try watcher.member().peak) / 1e6
        let rates = try self.rates(watcher, count, part)
        try watcher.end()
        var rows = [
            Row(
                name, "the last \(part) of \(count) files (bare: the first)",
                rounds: [(figure: rates.last, baseline: rates.first)], "files/s", bar: .atLeast(0.8)),
            Row(name, "all of them", rates.all, "files/s"),
            Row(name, "peak resident of the watcher", peak, "MB", bar: .under(100)),
            Row(name, "\(count) files wait: start to ready", ready / .seconds(1), "s", bar: .under(2)),
            Row(name, "\(count) files wait: start to the first article", first / .seconds(1), "s", bar: .under(2)),
        ]
        rows += try starts(watcher, drop, count)
        rows.insert(try loop(workspace, count, part), at: 1)
        return rows
    }

    /// The same by a loop that knows the names, so that what the file system itself has to do with it shows.
    private static func loop(_ workspace: Workspace, _ count: Int, _ part: Int) throws -> Row {
        let folder = try workspace.folder("loop")
        defer { workspace.remove(folder) }
        try SmallFiles.write(0..<count, to: "\(folder)/drop", workspace)
        try SmallFiles.write([], to: "\(folder)/drop/.done", workspace)
        try SmallFiles.settle()
        let loop = BareIntake(maximumBytes: 4096)
        func rate(_ numbers: Range<Int>) throws -> Double {
            try Stopwatch.rate(numbers.count) {
                for name in numbers.map(SmallFiles.name) {
                    try loop.take("\(folder)/drop/\(name)", to: "\(folder)/drop/.done/\(name)")
                }
            }
        }
        let first = try rate(0..<part)
        _ = try rate(part..<count - part)
        let last = try rate(count - part..<count)
        if loop.check == 0xff { Benchmark.say("") }
        return Row(name, "the same by a bare loop", rounds: [(figure: last, baseline: first)], "files/s")
    }

    /// Files a second, by the times of the records on the log.
    private static func rates(
        _ watcher: Watcher, _ count: Int, _ part: Int
    ) throws -> (first: Double, last: Double, all: Double) {
        // Two records a file: its article and its outcome.
        func moment(_ file: Int) throws -> Double {
            guard let time = try watcher.scalar("SELECT time_ms FROM log WHERE seq=\(max(1, file * 2))") else {
                throw BenchmarkFailure("there is no record of file \(file)")
            }
            return Double(time) / 1000
        }
        return try (
            Double(part) / (moment(part) - moment(0)), Double(part) / (moment(count) - moment(count - part)),
            Double(count) / (moment(count) - moment(0))
        )
    }

    /// Starts with a full ledger: with one file, and with all files dropped once more.
    private static func starts(_ watcher: Watcher, _ drop: String, _ count: Int) throws -> [Row] {
        var rows: [Row] = []
        let archive = "\(drop)/.done"
        for (number, what) in ["", ", and as many files wait"].enumerated() {
            var path = drop
            if number > 0 {
                // The archive of the day becomes a drop directory.
                path = "\(watcher.folder)/again"
                let days = try Directory(path: archive).entries()
                guard days.count == 1, rename("\(archive)/\(days[0].name)", path) == 0 else {
                    throw BenchmarkFailure("the archive '\(archive)' has not one day but \(days.count)")
                }
            }
            try SmallFiles.write([count + number], to: path, watcher.workspace)
            try SmallFiles.settle()
            let before = try watcher.files()
            let began = ContinuousClock.now
            let ready = try watcher.start([.init(path: path)])
            try watcher.wait(atMost: .seconds(60), "no file is taken") { try watcher.files() > before }
            let first = ContinuousClock.now - began
            // The first hundred thousand show the memory that the ledger takes, too.
            try watcher.waitForFiles(before + (number > 0 ? min(count, 100_000) : 1), atMost: .seconds(3600))
            let peak = Double(try watcher.member().peak) / 1e6
            try watcher.end()
            rows += [
                Row(
                    name, "\(before) rows in the ledger\(what): start to ready", ready / .seconds(1), "s",
                    bar: .under(2)),
                Row(name, "the same: start to the first outcome", first / .seconds(1), "s", bar: .under(2)),
                Row(name, "the same: peak resident", peak, "MB", bar: .under(100)),
            ]
        }
        return rows
    }
}
