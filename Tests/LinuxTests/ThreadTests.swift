import Glibc
import Linux
import Synchronization
import TestSupport
import Testing

@Suite struct WakeUpTests {
    @Test func `a bell that was rung before anybody waits is heard, once`() throws {
        let bell = try WakeUp()
        #expect(Poll.readable([bell.descriptor], timeout: .zero).isEmpty)
        for _ in 0..<3 { bell.ring() }
        #expect(Poll.readable([bell.descriptor], timeout: .seconds(10)) == [bell.descriptor])
        #expect(bell.silence())
        #expect(!bell.silence())
        #expect(Poll.readable([bell.descriptor], timeout: .zero).isEmpty)
    }

    @Test func `no ring of another thread is lost`() throws {
        let bell = try WakeUp()
        let sum = Atomic<Int>(0)
        let thread = try SystemThread(name: "ringer") {
            for _ in 0..<5000 {
                sum.add(1, ordering: .sequentiallyConsistent)
                bell.ring()
            }
        }
        var seen = 0
        while seen < 5000 {
            #expect(!Poll.readable([bell.descriptor], timeout: .seconds(10)).isEmpty)
            bell.silence()
            seen = sum.load(ordering: .sequentiallyConsistent)
        }
        thread.join()
    }

    @Test func `a wait ends at its time, rounded up`() throws {
        let bell = try WakeUp()
        let start = ContinuousClock.now
        #expect(Poll.readable([bell.descriptor], timeout: .microseconds(10_500)).isEmpty)
        #expect(ContinuousClock.now - start >= .microseconds(10_500))
    }
}

@Suite struct SystemThreadTests {
    @Test func `a thread in the background leaves precedence to others, and so does what it starts`() throws {
        let seen = Mutex<[Int32]>([])
        let note: @Sendable () -> Void = {
            let niceness = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
            seen.withLock { $0.append(niceness) }
        }
        try SystemThread(name: "questions", note).join()
        try SystemThread(name: "work", precedence: .background) {
            note()
            (try? SystemThread(name: "part of it", note))?.join()
        }.join()
        try SystemThread(name: "questions", note).join()
        let usual = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
        let least = min(usual + 10, 19)
        #expect(seen.withLock { $0 } == [usual, least, least, usual])
    }

    @Test func `a thread has its name, cut to 15 bytes, and deep stacks`() throws {
        let name = Mutex("")
        let depth = Atomic<Int>(0)
        let thread = try SystemThread(name: "a name that is too long") {
            var bytes = [UInt8](repeating: 0, count: 32)
            let file = open("/proc/thread-self/comm", O_RDONLY)
            let count = read(file, &bytes, bytes.count)
            close(file)
            name.withLock { $0 = String(decoding: bytes.prefix(max(0, count - 1)), as: UTF8.self) }
            depth.store(SystemThreadTests.recurse(6000), ordering: .relaxed)
        }
        thread.join()
        #expect(name.withLock { $0 } == "a name that is ")
        #expect(depth.load(ordering: .relaxed) == 6000)
    }

    /// Takes about 1 KiB of stack a level.
    private static func recurse(_ left: Int) -> Int {
        guard left > 0 else { return 0 }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 512) { buffer in
            buffer.initialize(repeating: UInt8(truncatingIfNeeded: left))
            return recurse(left - 1) + (buffer[511] == UInt8(truncatingIfNeeded: left) ? 1 : 0)
        }
    }
}

@Suite struct ChildProcessTests {
    func output(_ child: borrowing ChildProcess) -> String { read(child.output) }
    func read(_ descriptor: Int32) -> String {
        var text: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &bytes, bytes.count)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += bytes[..<count]
        }
    }

    @Test func `a child gets arguments and environment, and its output and exit code come back`() throws {
        let child = try ChildProcess(
            path: "/bin/sh", arguments: ["-c", "echo \"$0 $1 $DW_TEST\"; echo oops >&2; exit 7", "a b", "c"],
            environment: ["DW_TEST": "x=y"])
        #expect(output(child) == "a b c x=y\n")
        #expect(read(child.errorOutput) == "oops\n")
        #expect(child.wait() == .exited(7))
    }

    @Test func `a child that is killed says so`() throws {
        let child = try ChildProcess(path: "/bin/sleep", arguments: ["100"])
        child.send(signal: SIGKILL)
        #expect(child.wait() == .killed(signal: SIGKILL))
    }

    @Test func `a child's input ends when its parent lets go of it`() throws {
        var child: ChildProcess? = try ChildProcess(path: "/bin/cat", arguments: [], output: .null, errorOutput: .null)
        let identifier = child!.identifier
        child = nil
        var status: Int32 = 0
        #expect(waitpid(identifier, &status, 0) == identifier)
        #expect(status == 0)
    }

    @Test func `a child has a group of its own and the usual signals`() throws {
        signal(SIGPIPE, SIG_IGN)
        let child = try ChildProcess(path: "/bin/sh", arguments: ["-c", "grep SigIgn /proc/self/status; read x"])
        #expect(getpgid(child.identifier) == child.identifier)
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = Glibc.read(child.output, &bytes, bytes.count)
        let mask = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .last
        let ignored = try #require(mask.flatMap { UInt64($0, radix: 16) })
        // Bit n - 1 stands for signal n.
        #expect(ignored & (1 << UInt64(SIGPIPE - 1)) == 0)
        #expect(ignored & (1 << UInt64(SIGTERM - 1)) == 0)
        child.send(signal: SIGKILL)
        _ = child.wait()
    }

    @Test func `what cannot be started is an error that names it, and costs no descriptor`() throws {
        // The lowest descriptor that is free tells whether those before it stay open.
        func descriptors() -> Int32 {
            let lowest = dup(0)
            close(lowest)
            return lowest
        }
        _ = try? ChildProcess(path: "/nonexistent", arguments: [])
        let before = descriptors()
        for _ in 0..<20 {
            let error = #expect(throws: SystemError.self) { try ChildProcess(path: "/nonexistent", arguments: []) }
            #expect(error?.description == "start '/nonexistent': No such file or directory")
        }
        // Other tests open some at the same time, but not sixty that stay.
        #expect(descriptors() - before < 40)
    }
}
