import Articles
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
        "fsync,fdatasync /log.sqlite EIO first=2", "write,openat,fsync,renameat /.quarantine/ ENOSPC first=2",
    ]

    @Test(arguments: faults)
    func `an error of the system is waited out and costs nothing`(fault: String) throws {
        let dropwire = try Installation()
        try dropwire.scratch.write("", to: "faults")
        let watch = try dropwire.startReady("watch", launcher: FaultTests.launcher(dropwire))
        try dropwire.scratch.write(fault + "\n", to: "faults.new")
        try dropwire.scratch.rename("faults.new", to: "faults")
        // Files are dropped until the fault has come, as it is noticed at some call.
        var count = 0
        try waitUntil("the fault has come") {
            try dropwire.drop(Sample.article(count), as: "\(count).txt")
            try dropwire.drop("", as: "empty-\(count).txt")
            count += 1
            return dropwire.scratch.exists("hits")
        }
        try waitUntil("every file is away", within: .seconds(40)) { dropwire.waiting.isEmpty }
        let files = try dropwire.records().compactMap(\.file)
        #expect(files.count { $0.outcome == .published } == count)
        #expect(files.count { $0.outcome == .quarantined && $0.code == ReasonCode.empty.rawValue } == count)
        #expect(files.count == 2 * count)
        #expect(dropwire.archive().count == count)
        #expect(try (0..<count).allSatisfy { try dropwire.reason(of: "empty-\($0).txt").attempts == 1 })
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
