import Articles
import Glibc
import Ingestion
import Linux
import Messaging
import TestSupport
import Testing

/// Errors that the operating system gives the built watcher: none costs an article or an attempt, and all pass by themselves.
@Suite struct FaultTests {
    /// What happens to which calls (`Tests/FaultInjection/include/FaultInjection.h`).
    static let faults = [
        "openat2 /drop/ EMFILE first=2", "openat2 .txt EIO first=2", "openat2 .txt EACCES first=2",
        "openat2 .txt ESTALE first=2", "read .txt EIO first=2", "read .txt EINTR first=20", "read .txt short first=20",
        "stat .txt EIO first=3", "stat /.done/ EIO first=2", "stat /.quarantine/ EIO first=3",
        "readdir /drop ESTALE first=2", "renameat2 /.done/ ENOSPC first=2",
        "renameat2 /.done/ EDQUOT first=2", "renameat2 /.done/ EIO first=2", "renameat2 /.done/ ESTALE first=2",
        "renameat2 /.done/ EROFS first=2", "renameat2 /.done/ EMFILE first=2", "renameat2 /.done/ EPERM first=2",
        // A file system that cannot rename without replacing.
        "renameat2 /drop/ EINVAL first=1000",
        "pwrite,write /log.sqlite ENOSPC first=3",
        // Reads fail, too, when what a failed transaction left in memory is to be read anew.
        "pwrite,pread /log.sqlite EIO first=4",
        "fsync,fdatasync /log.sqlite EIO first=2", "fsync /.done/20 EIO first=2",
        "write,openat,fsync,renameat /.quarantine/ ENOSPC first=2",
    ]

    @Test(arguments: faults)
    func `an error of the system is waited out and costs nothing`(fault: String) throws {
        let dropwire = try Installation()
        try dropwire.scratch.write("", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.scratch.write(fault + "\n", to: "faults.new")
        try dropwire.scratch.rename("faults.new", to: "faults")
        // Files are dropped until the fault has come, as it is noticed at some call; each when the one before is away, since
        // of several not every one is synced by itself.
        var count = 0
        do {
            try waitUntil("the fault has come") {
                guard dropwire.waiting.isEmpty else { return dropwire.scratch.exists("hits") }
                try dropwire.drop(Sample.article(count), as: "\(count).txt")
                try dropwire.drop("", as: "empty-\(count).txt")
                count += 1
                return dropwire.scratch.exists("hits")
            }
        } catch { throw Trouble("\(error), \(count) dropped, waiting: \(dropwire.waiting)\n\(watch.errorOutput)") }
        try waitUntil("every file is away", within: .seconds(40)) { dropwire.waiting.isEmpty }
        let files = try dropwire.records().compactMap(\.file)
        #expect(files.count { $0.outcome == .published } == count)
        #expect(files.count { $0.outcome == .quarantined && $0.code == ReasonCode.empty.rawValue } == count)
        #expect(files.count == 2 * count)
        #expect(dropwire.archive().count == count)
        #expect(try (0..<count).allSatisfy { try dropwire.reason(of: "empty-\($0).txt").attempts == 1 })
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: ["stat .meta.json EIO first=1", "stat .meta.json ESTALE first=3"])
    func `a file whose metadata cannot be looked at waits until it can`(fault: String) throws {
        let dropwire = try Installation()
        try dropwire.scratch.write(fault + "\n", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.drop(#"{"section": "Sports"}"#, as: "0.txt.meta.json")
        try dropwire.drop(Sample.article(0), as: "0.txt")
        let record = try dropwire.fileRecord(of: "0.txt")
        #expect(record.companions == ["0.txt.meta.json"])
        #expect(try dropwire.records().compactMap(\.article).map(\.section) == ["Sports"])
        #expect(dropwire.scratch.exists("hits"))
        #expect(try watch.stop() == .exited(0))
    }

    @Test(
        arguments: [
            "readdir /drop/below EIO first=2", "readdir /drop/below EACCES first=2",
        ])
    func `a folder that cannot be looked at for a moment keeps its files that stay`(fault: String) throws {
        let dropwire = try Installation(drop: ["after = \"leave\""])
        try dropwire.scratch.write("", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.scratch.makeDirectory("drop/below")
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "below/\(number).txt") }
        for number in 0..<3 { _ = try dropwire.fileRecord(of: "below/\(number).txt") }
        try dropwire.scratch.write(fault + "\n", to: "faults.new")
        try dropwire.scratch.rename("faults.new", to: "faults")
        try waitUntil("the fault has come twice") {
            // What comes into a folder makes the watcher list it.
            try dropwire.drop("", as: "below/empty.txt")
            return dropwire.scratch.read("hits")?.count { $0 == 0x0a } == 2
        }
        // What is read by mistake has settled by time, and so do these, one after the other, later.
        for number in 7...9 {
            try dropwire.scratch.write(Sample.article(number), to: "\(number).txt")
            try dropwire.scratch.link("\(number).txt", to: "drop/below/\(number).txt")
            _ = try dropwire.fileRecord(of: "below/\(number).txt")
        }
        let paths = try dropwire.records().compactMap(\.file).map(\.path).filter { !$0.contains("empty") }
        #expect(paths.sorted() == [0, 1, 2, 7, 8, 9].map { "below/\($0).txt" })
        #expect(try watch.stop() == .exited(0))
    }

    /// The last folder that is made durable before a file counts as done with, and whether the file is good. A quarantined
    /// file's reason is durable before.
    static let lastSyncs = [("fsync /.done/20 kill", true), ("fsync /.quarantine kill after=1", false)]

    @Test(arguments: lastSyncs)
    func `a file that a failure of power brings back is done with as before`(rule: String, isGood: Bool) throws {
        let dropwire = try Installation()
        try dropwire.scratch.write(rule + "\n", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.drop(isGood ? Array(Sample.article(1).utf8) : [0, 1, 2], as: "a.txt")
        #expect(try watch.waitUntilEnded() == .killed(signal: SIGKILL))
        // The disk has its record, and not that it was moved.
        let place = isGood ? ".done/\(try #require(dropwire.scratch.list("drop/.done").first))" : ".quarantine"
        try dropwire.scratch.rename("drop/\(place)/a.txt", to: "drop/a.txt")
        let next = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(2), as: "b.txt")
        _ = try dropwire.fileRecord(of: "b.txt")
        try waitUntil("all files are away") { dropwire.waiting.isEmpty }
        #expect(dropwire.scratch.list("drop/\(place)").contains("a.txt"))
        let outcomes = try dropwire.records().compactMap(\.file).map { "\($0.path) \($0.outcome)" }
        #expect(outcomes == ["a.txt \(isGood ? "published" : "quarantined")", "b.txt published"])
        #expect(try next.stop() == .exited(0))
    }

    @Test func `a watcher that may open no more files says so, and goes on when it may`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(0), as: "0.txt")
        _ = try dropwire.fileRecord(of: "0.txt")
        let open = Set(
            try Directory(path: "/proc/\(watch.identifier)/fd").entries().compactMap { Int($0.name.description) })
        let free = (0...).first { !open.contains($0) }!
        try FaultTests.setLimit(of: watch, free)
        for number in 1..<4 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try dropwire.drop("", as: "empty.txt")
        // Nobody connects meanwhile: at its limit libzmq cannot take the connection.
        try waitUntil("it says so") { watch.errorOutput.contains("the process has too many open files") }
        #expect(dropwire.waiting != [])
        try FaultTests.setLimit(of: watch, 1024)
        try waitUntil("every file is away", within: .seconds(40)) { dropwire.waiting.isEmpty }
        let files = try dropwire.records().compactMap(\.file)
        #expect(files.map { "\($0.outcome)" }.sorted() == Array(repeating: "published", count: 4) + ["quarantined"])
        #expect(try dropwire.reason(of: "empty.txt").attempts == 1)
        #expect(try watch.stop() == .exited(0))
    }

    private static func setLimit(of process: TestedProcess, _ limit: Int) throws {
        let prlimit = try TestedProcess(
            name: "prlimit",
            command: ["/usr/bin/prlimit", "--pid", "\(process.identifier)", "--nofile=\(limit):"])
        #expect(try prlimit.waitUntilEnded() == .exited(0))
    }

    @Test func `a quarantined file keeps its reason when what was moved cannot be compared at once`() throws {
        let dropwire = try Installation()
        // The first look is for a free name, the second one at what was moved.
        try dropwire.scratch.write("stat /.quarantine/bad.txt EIO after=1 first=1\n", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.drop([0, 1, 2], as: "bad.txt")
        try waitUntil("the fault has come") { dropwire.scratch.exists("hits") }
        // Until it is done with, its row is open, and the directory paused.
        try dropwire.drop(Sample.article(1), as: "good.txt")
        try waitUntil("the next file is archived") { dropwire.archive()["good.txt"] != nil }
        #expect(dropwire.scratch.read("drop/.quarantine/bad.txt") == [0, 1, 2])
        #expect(try dropwire.reason(of: "bad.txt").code == ReasonCode.binary.rawValue)
        #expect(try watch.stop() == .exited(0))
    }

    static func launcher(_ dropwire: Installation) -> [String] {
        [
            "/usr/bin/env", "LD_PRELOAD=\(BuiltProgram.folder)/libFaultInjection.so",
            "DROPWIRE_FAULTS=\(dropwire.scratch.path("faults"))",
            "DROPWIRE_FAULT_HITS=\(dropwire.scratch.path("hits"))",
        ]
    }
}
