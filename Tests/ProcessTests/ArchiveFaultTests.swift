import Articles
import Glibc
import Linux
import TestSupport
import Testing

/// Ends and errors of the built watcher at every step of an archive copy to another file system: in the end there is one copy
/// of each file, and no file is left.
@Suite(.enabled(if: OtherFileSystem.isThere)) struct ArchiveFaultTests {
    /// Where the process ends, as rules of the fault library: `ARCHIVE` is the archive, `DROP` the drop directory.
    static let steps = [
        "openat ARCHIVE/desk/.dropwire/ kill", "write ARCHIVE/desk/.dropwire/ kill-after",
        "fsync ARCHIVE/desk/.dropwire/ kill", "fsync ARCHIVE/desk/.dropwire/ kill-after",
        "renameat2 ARCHIVE/desk/.dropwire/ kill", "renameat2 ARCHIVE/desk/.dropwire/ kill-after",
        "fsync ARCHIVE/desk/20 kill", "fsync ARCHIVE/desk/20 kill-after", "renameat2 DROP/.dropwire/ kill",
        "renameat2 DROP/.dropwire/ kill-after", "unlinkat DROP/.dropwire/ kill", "unlinkat DROP/.dropwire/ kill-after",
    ]

    @Test(arguments: steps) func `a kill at any step of a copy leaves one copy and no file`(step: String) throws {
        let (dropwire, archive, watch) = try start(with: step)
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        #expect(try watch.waitUntilEnded() == .killed(signal: SIGKILL))
        #expect(dropwire.scratch.exists("hits"))

        let next = try dropwire.startReady("watch")
        try dropwire.drop(Sample.article(3), as: "3.txt")
        _ = try dropwire.fileRecord(of: "3.txt")
        try waitUntil("every file is away") { dropwire.waiting.isEmpty }
        try expectEach(4, dropwire, archive)
        #expect(try next.stop() == .exited(0))
    }

    static let errors = [
        "openat ARCHIVE/desk/.dropwire/ EACCES first=2", "write ARCHIVE/desk/.dropwire/ ENOSPC first=2",
        "write ARCHIVE/desk/.dropwire/ short first=20", "fsync ARCHIVE/desk/.dropwire/ EIO first=2",
        "pread ARCHIVE/desk/.dropwire/ EIO first=2", "renameat2 ARCHIVE/desk/.dropwire/ ESTALE first=2",
        "fsync ARCHIVE/desk/20 EIO first=2", "renameat2 DROP/.dropwire/ EIO first=2",
        "unlinkat DROP/.dropwire/ EIO first=2", "pread DROP/ EIO first=2",
    ]

    @Test(arguments: errors) func `an error at any step of a copy is waited out and leaves one copy`(error: String)
        throws
    {
        let (dropwire, archive, watch) = try start(with: error)
        for number in 0..<3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try waitUntil("every file is away", within: .seconds(40)) {
            dropwire.waiting.isEmpty && dropwire.scratch.list("drop/.dropwire").isEmpty
        }
        #expect(dropwire.scratch.exists("hits"))
        try expectEach(3, dropwire, archive)
        #expect(try watch.stop() == .exited(0))
    }

    private func start(
        with rule: String
    ) throws -> (dropwire: Installation, archive: ScratchDirectory, watch: TestedProcess) {
        let archive = try OtherFileSystem.directory()
        let dropwire = try Installation(drop: ["archive_directory = \"\(archive.path)\""])
        let rule = rule.replacing("ARCHIVE", with: archive.path).replacing("DROP", with: dropwire.dropPath)
        try dropwire.scratch.write(rule + "\n", to: "faults")
        return (dropwire, archive, try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire)))
    }

    /// Every file was published once, is archived once, and nothing else is left.
    private func expectEach(_ count: Int, _ dropwire: Installation, _ archive: ScratchDirectory) throws {
        let outcomes = try dropwire.records().compactMap(\.file)
        #expect(outcomes.map(\.path).sorted() == (0..<count).map { "\($0).txt" })
        #expect(outcomes.allSatisfy { $0.outcome == .published })
        var copies: [String: [UInt8]] = [:]
        for day in archive.list("desk") where !day.hasPrefix(".") {
            for name in archive.list("desk/\(day)") { copies[name] = archive.read("desk/\(day)/\(name)") }
        }
        #expect(copies.keys.sorted() == (0..<count).map { "\($0).txt" })
        #expect((0..<count).allSatisfy { copies["\($0).txt"] == Array(Sample.article($0).utf8) })
        #expect(archive.list("desk/.dropwire").isEmpty && dropwire.scratch.list("drop/.dropwire").isEmpty)
    }
}
