import Articles
import Glibc
import Linux
import TestSupport
import Testing

@testable import Telemetry

/// The built program under a journal: a socket in its place, in mounts of the test's own.
@Suite(.enabled(if: PrivateMounts.arePossible, "mounts of its own take root"), .timeLimit(.minutes(20)))
struct JournalTests {
    /// Starts a program whose standard error is, as far as it can see, the journal's.
    private static let launcher = [
        "/bin/sh", "-c", #"JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@""#, "sh",
    ]

    /// Binds a socket where the journal's would be.
    private static func makeJournal() throws -> JournalReceiver {
        try PrivateMounts.mountSmall("/run", bytes: 16 << 20)
        for folder in ["/run/systemd", "/run/systemd/journal"] { mkdir(folder, 0o755) }
        return try JournalReceiver(path: "/run/systemd/journal/socket")
    }

    @Test func `what a watcher has to say comes with fields, and goes to standard error when the journal is gone`()
        throws
    {
        let dropwire = try Installation()
        try PrivateMounts.run {
            let journal = try JournalTests.makeJournal()
            let watch = try dropwire.startReady("watch", launcher: JournalTests.launcher)
            let ready = try journal.next("MESSAGE", "watch: Ready. version=0.1.0 pid=\(watch.identifier)")
            #expect(ready["PRIORITY"] == "6" && ready["SYSLOG_IDENTIFIER"] == "dropwire")
            #expect(ready["CODE_FILE"] == "dropwire/Role.swift" && ready["CODE_FUNC"] != nil)
            #expect(ready["DROPWIRE_PID"] == "\(watch.identifier)" && ready["MESSAGE_ID"] == nil)

            // A name that would be fields and lines of its own.
            let name = "a\nMESSAGE=forged\n<0>b.txt"
            try dropwire.drop([0, 1, 2], as: name)
            let entry = try journal.next("MESSAGE_ID", LogMessage.fileQuarantined.id!.description)
            #expect(entry["DROPWIRE_SOURCE"] == "desk" && entry["DROPWIRE_DIRECTORY"] == dropwire.dropPath)
            #expect(entry["DROPWIRE_PATH"] == name && entry["PRIORITY"] == "4")
            #expect(entry["DROPWIRE_CODE"]?.isEmpty == false && entry["DROPWIRE_REASON"]?.isEmpty == false)
            #expect(entry["MESSAGE"]?.contains("\n") == false && watch.errorOutput.isEmpty, "\(watch.errorOutput)")

            unlink(journal.path)
            try dropwire.drop([0, 1, 2, 3], as: "c.txt")
            try waitUntil("it stands on standard error") { watch.errorOutput.contains("path=c.txt") }
            #expect(
                watch.errorOutput.hasPrefix("<4>intake: A file was quarantined. source=desk "), "\(watch.errorOutput)")
            #expect(try watch.stop() == .exited(0))
        }
    }

    @Test func `why a service does not start stands in the journal with its explanation`() throws {
        let dropwire = try Installation()
        try dropwire.scratch.write("[watch]\nmax_log_byte = \"1GiB\"\nname = 5\n", to: "wrong.toml")
        let running = try dropwire.startReady("watch")
        try PrivateMounts.run {
            let journal = try JournalTests.makeJournal()
            func run(_ configuration: String, _ command: String) throws -> (TestedProcess, [[String: String]]) {
                let process = try TestedProcess(
                    [command, "--config", configuration], launcher: JournalTests.launcher)
                try process.waitUntilEnded()
                var entries: [[String: String]] = []
                while let entry = try journal.next(within: .zero) { entries.append(entry) }
                return (process, entries)
            }
            let (wrong, problems) = try run(dropwire.scratch.path("wrong.toml"), "index")
            #expect(wrong.ending == .exited(78) && wrong.errorOutput.isEmpty)
            #expect(problems.count == 2)
            for problem in problems {
                #expect(problem["MESSAGE_ID"] == LogMessage.configurationWrong.id?.description)
                #expect(problem["PRIORITY"] == "3" && problem["DROPWIRE_COMPONENT"] == "index")
                #expect(problem["DROPWIRE_ERROR"]?.contains("wrong.toml:") == true)
            }
            let (second, reasons) = try run(dropwire.configurationPath, "watch")
            #expect(second.ending == .exited(1))
            #expect(reasons.map { $0["MESSAGE_ID"] } == [LogMessage.stateInUse.id?.description], "\(reasons)")
            try dropwire.scratch.makeDirectory("state/index")
            try dropwire.scratch.write(String(repeating: "no database", count: 1000), to: "state/index/index.sqlite")
            let (damaged, causes) = try run(dropwire.configurationPath, "index")
            #expect(damaged.ending == .exited(1))
            #expect(causes.last?["MESSAGE_ID"] == LogMessage.databaseDamaged.id?.description, "\(causes)")
        }
        #expect(try running.stop() == .exited(0))
    }

    /// Runs a program with a standard error that is the journal's, and that is full and read by nobody.
    private static let standstill = [
        "/usr/bin/python3", "-c",
        """
        import os, socket, sys
        writing, reading = socket.socketpair()
        os.set_inheritable(reading.fileno(), True)
        writing.setblocking(False)
        try:
            while True:
                writing.send(bytes(1000))
        except BlockingIOError:
            pass
        writing.setblocking(True)
        status = os.fstat(writing.fileno())
        os.environ["JOURNAL_STREAM"] = f"{status.st_dev}:{status.st_ino}"
        os.dup2(writing.fileno(), 2)
        os.execv(sys.argv[1], sys.argv[1:])
        """,
    ]

    @Test func `a journal that stands still holds nobody up`() throws {
        let dropwire = try Installation()
        try dropwire.scratch.write("[watch]\nmax_log_byte = \"1GiB\"\n", to: "wrong.toml")
        try PrivateMounts.run {
            // Nor is there a socket.
            try PrivateMounts.mountSmall("/run", bytes: 1 << 20)
            let process = try TestedProcess(
                ["index", "--config", dropwire.scratch.path("wrong.toml")], launcher: JournalTests.standstill)
            #expect(try process.waitUntilEnded() == .exited(78))
        }
    }
}
