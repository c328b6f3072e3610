import Glibc
import Linux

/// What it costs to watch when nothing happens: a directory of very many files that stay, and very many directories.
enum ScanStage: Stage {
    static let name = "scan"
    static let isLong = true

    static func run(in workspace: Workspace) throws -> [Row] {
        try entries(workspace) + directories(workspace)
    }

    private static let ways = [(name: "with events", key: ""), (name: "polling alone", key: "events = false")]

    private static func entries(_ workspace: Workspace) throws -> [Row] {
        let count = workspace.options.files ?? 300_000
        let watcher = try Watcher(workspace)
        defer { workspace.remove(watcher.folder) }
        let drop = "\(watcher.folder)/drop"
        try SmallFiles.write(0..<count, to: drop, workspace)
        try SmallFiles.settle()
        let seconds = workspace.options.idleSeconds
        var rows: [Row] = []
        for (way, key) in ways {
            let ready = try watcher.start([.init(path: drop, keys: "after = \"leave\"\n\(key)")])
            try watcher.waitForFiles(count, atMost: .seconds(3600))
            // The passes that confirm the first one are over, and the first one after the start.
            try watcher.load(over: 15)
            let load = try watcher.load(over: seconds)
            let busy = try watcher.load(over: seconds) { second in
                try SmallFiles.write([count + rows.count * seconds + second], to: drop, workspace)
            }
            let peak = Double(try watcher.member().peak) / 1e6
            rows += [
                Row(name, "\(count) files that stay, \(way)", load, "% of a core", bar: .under(2)),
                Row(name, "the same while one file a second comes", busy, "% of a core"),
                Row(name, "the same, peak resident", peak, "MB", bar: .under(100)),
                Row(name, "the same, start to ready", ready / .seconds(1), "s", bar: .under(2)),
            ]
            try watcher.end()
        }
        return rows
    }

    private static func directories(_ workspace: Workspace) throws -> [Row] {
        let count = 1000
        let watcher = try Watcher(workspace)
        defer { workspace.remove(watcher.folder) }
        let paths = (0..<count).map { "\(watcher.folder)/drop/\($0)" }
        for (number, path) in paths.enumerated() {
            try SmallFiles.write(number * 3..<number * 3 + 3, to: path, workspace)
        }
        try SmallFiles.settle()
        var rows: [Row] = []
        for (way, key) in ways {
            let ready = try watcher.start(paths.map { .init(path: $0, keys: "after = \"leave\"\n\(key)") })
            try watcher.waitForFiles(count * 3, atMost: .seconds(600))
            try watcher.load(over: 15)
            let load = try watcher.load(over: workspace.options.idleSeconds)
            let peak = Double(try watcher.member().peak) / 1e6
            rows += [
                Row(name, "\(count) directories, \(way)", load, "% of a core", bar: .under(2)),
                Row(name, "the same, peak resident", peak, "MB", bar: .under(100)),
                Row(name, "the same, start to ready", ready / .seconds(1), "s"),
            ]
            try watcher.end()
        }
        return rows
    }
}

/// Very many small files, each an article of its own.
enum SmallFiles {
    static func name(_ number: Int) -> String { "article-of-the-day-\(number).txt" }

    static func write(_ numbers: some Sequence<Int>, to folder: String, _ workspace: Workspace) throws {
        if mkdir(folder, 0o770) != 0, errno == ENOENT {
            let parent = folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]
            mkdir(String(parent), 0o770)
            mkdir(folder, 0o770)
        }
        for number in numbers {
            let text =
                "Small article number \(number)\n\n2025-02-26 03:27:00\n\n"
                + "What it says is of no importance, and is said \(number) times.\n"
            let path = "\(folder)/\(name(number))"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
            guard descriptor >= 0, Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
                throw SystemError(operation: "write '\(path)'")
            }
            close(descriptor)
        }
    }

    /// Lets the disk have them, and waits until they are old enough to be complete at once.
    static func settle() throws {
        sync()
        sleep(3)
    }
}
