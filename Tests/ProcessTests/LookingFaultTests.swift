import Articles
import Linux
import TestSupport
import Testing

/// What the built watcher does where the operating system gives it less than it asks for while it looks.
@Suite struct LookingFaultTests {
    private struct Shown: Decodable {
        struct Directory: Decodable {
            var settling: Int
            var unreadable: Int
            var unreadable_reason: String?
            var trouble: String?
        }
        var directories: [Directory]
    }

    /// What is shown of the one directory. Between its start and its first look the watcher has nothing to show.
    private func shown(_ dropwire: Installation) throws -> Shown.Directory {
        var shown: Shown.Directory?
        try waitUntil("the directory is shown") {
            shown = try dropwire.askWatch("STATUS", Shown.self).directories.first
            return shown != nil
        }
        return try #require(shown)
    }

    private func start(_ dropwire: Installation, fault: String) throws -> TestedProcess {
        try dropwire.scratch.write(fault + "\n", to: "faults")
        return try dropwire.startReady(
            "watch",
            launcher: [
                "/usr/bin/env", "LD_PRELOAD=\(BuiltProgram.folder)/libFaultInjection.so",
                "DROPWIRE_FAULTS=\(dropwire.scratch.path("faults"))",
                "DROPWIRE_FAULT_HITS=\(dropwire.scratch.path("hits"))",
            ])
    }

    private func set(_ dropwire: Installation, fault: String) throws {
        try dropwire.scratch.write(fault + "\n", to: "faults.new")
        try dropwire.scratch.rename("faults.new", to: "faults")
    }

    private func published(_ dropwire: Installation) throws -> Set<String> {
        Set(try dropwire.records().compactMap(\.file).filter { $0.outcome == .published }.map(\.path))
    }

    @Test func `without room for watches everything is polled, and one warning names the limit`() throws {
        let dropwire = try Installation(drop: ["settle_time_polling = \"300ms\""])
        for number in 0..<3 { try dropwire.scratch.makeDirectory("drop/\(number)") }
        let watch = try start(dropwire, fault: "inotify /drop ENOSPC")
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "\(number)/a.txt") }
        try dropwire.drop(Sample.article(3), as: "a.txt")
        try waitUntil("all are published") { try published(dropwire) == ["0/a.txt", "1/a.txt", "2/a.txt", "a.txt"] }
        #expect(try watch.stop() == .exited(0))
        #expect(watch.errorOutput.split(separator: "\n").count { $0.contains("fs.inotify.max_user_watches") } == 1)
    }

    @Test(arguments: [
        "readdir /drop/below EIO", "readdir /drop/below ESTALE", "openat2 /drop/below EACCES",
        "openat2 /drop/below ENOTCONN", "openat /drop/below EIO",
    ])
    func `a folder that cannot be read is shown, the others go on, and it comes back by itself`(fault: String) throws {
        let dropwire = try Installation()
        try dropwire.scratch.makeDirectory("drop/below")
        try dropwire.drop(Sample.article(1), as: "below/a.txt")
        let watch = try start(dropwire, fault: fault)
        try dropwire.drop(Sample.article(2), as: "b.txt")
        try waitUntil("the other file is published") { try published(dropwire).contains("b.txt") }
        try waitUntil("the folder is shown") { try shown(dropwire).unreadable == 1 }
        #expect(try shown(dropwire).unreadable_reason?.contains("below") == true)
        #expect(try shown(dropwire).trouble == nil)
        #expect(try published(dropwire) == ["b.txt"])
        try set(dropwire, fault: "")
        try waitUntil("its file is published") { try published(dropwire) == ["b.txt", "below/a.txt"] }
        try waitUntil("nothing is shown any more") { try shown(dropwire).unreadable == 0 }
        #expect(try watch.stop() == .exited(0))
    }

    @Test(arguments: [("openat /drop EMFILE", "open files"), ("stat /drop EIO", "failed")])
    func `where the whole directory cannot be looked at it is paused with a reason, and goes on`(
        fault: String, reason: String
    ) throws {
        let dropwire = try Installation(drop: ["events = false", "settle_time_polling = \"300ms\""])
        let watch = try start(dropwire, fault: "")
        try waitUntil("the watcher looks") { try shown(dropwire).trouble == nil }
        try set(dropwire, fault: fault)
        try dropwire.drop(Sample.article(1), as: "a.txt")
        try waitUntil("it is paused") { try shown(dropwire).trouble?.contains(reason) == true }
        try set(dropwire, fault: "")
        try waitUntil("it goes on") { try published(dropwire) == ["a.txt"] }
        #expect(try watch.stop() == .exited(0))
    }

    @Test func `a clock that is set forward makes no file older than it is`() throws {
        let dropwire = try Installation(settle: "30s")
        let watch = try start(dropwire, fault: "")
        try waitUntil("the watcher looks") { try shown(dropwire).trouble == nil }
        try dropwire.scratch.makeDirectory("outside")
        try dropwire.scratch.write("Half of a", to: "outside/a.txt")
        try set(dropwire, fault: "clock \(Clocks.wallMilliseconds() * 1_000_000) 3600000")
        try waitUntil("the clock is set") { dropwire.scratch.exists("hits") }
        try dropwire.scratch.rename("outside", to: "drop/outside")
        try waitUntil("the file is seen") { try shown(dropwire).settling == 1 || !published(dropwire).isEmpty }
        #expect(try published(dropwire).isEmpty)
        #expect(try watch.stop() == .exited(0))
    }
}
