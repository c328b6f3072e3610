import CLinux
import Glibc

/// A child process, started by posix_spawn(3): safe beside threads and ZeroMQ contexts, which a fork is not.
package final class ChildProcess: Sendable {
    /// How a child ended.
    package enum Ending: Sendable, Equatable, CustomStringConvertible {
        case exited(Int32)
        case killed(signal: Int32)

        package var description: String {
            switch self {
            case .exited(let code): "exit code \(code)"
            case .killed(let signal): "signal \(signal)"
            }
        }
    }

    /// The process's id; valid until ``wait()`` has returned.
    package let identifier: Int32
    /// The reading end of the child's standard output, or -1 where it is inherited.
    package let output: Int32
    /// The reading end of the child's standard error, or -1 where it is inherited.
    package let errorOutput: Int32
    /// The writing end of the child's standard input: it closes when this process dies.
    package let input: Int32

    /// What becomes of a child's output.
    package enum Output: Sendable { case inherited, piped, null }

    /// Starts `path` with `arguments` (the program's name is added) in this process's environment with `environment` added.
    package init(
        path: String, arguments: [String], environment: [String: String] = [:], output: Output = .piped,
        errorOutput: Output = .piped
    ) throws(SystemError) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let toChild = try ChildProcess.makePipe()
        posix_spawn_file_actions_adddup2(&actions, toChild.reading, 0)
        var closing = [toChild.reading]
        func attach(_ kind: Output, to target: Int32) throws(SystemError) -> Int32 {
            switch kind {
            case .inherited: return -1
            case .null:
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_WRONLY, 0)
                return -1
            case .piped:
                let pipe = try ChildProcess.makePipe()
                posix_spawn_file_actions_adddup2(&actions, pipe.writing, target)
                closing.append(pipe.writing)
                return pipe.reading
            }
        }
        self.output = try attach(output, to: 1)
        self.errorOutput = try attach(errorOutput, to: 2)
        self.input = toChild.writing

        // A fresh process group keeps a terminal's Ctrl-C with the parent, which drains its children itself.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        // What is ignored stays ignored over an exec: a child expects SIGPIPE to end it.
        var usual = sigset_t()
        sigemptyset(&usual)
        for signal in [SIGPIPE, SIGTERM, SIGINT, SIGHUP] { sigaddset(&usual, signal) }
        posix_spawnattr_setsigdefault(&attributes, &usual)
        posix_spawnattr_setpgroup(&attributes, 0)

        var variables: [String] = []
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            let name = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).first.map(String.init)
            if environment[name ?? ""] == nil { variables.append(text) }
            entry += 1
        }
        variables += environment.map { "\($0.key)=\($0.value)" }

        var made = pid_t()
        let code = ChildProcess.withCStrings([path] + arguments) { argv in
            ChildProcess.withCStrings(variables) { posix_spawn(&made, path, &actions, &attributes, argv, $0) }
        }
        for descriptor in closing { close(descriptor) }
        identifier = made
        guard code == 0 else { throw SystemError(code: code, operation: "start '\(path)'") }
    }

    deinit {
        for descriptor in [output, errorOutput, input] where descriptor >= 0 { close(descriptor) }
    }

    /// Reads and forgets some of the child's output, waiting until `deadline` at most; returns false at its end.
    package func discardOutput(until deadline: ContinuousClock.Instant) -> Bool {
        let rest = max(.zero, deadline - ContinuousClock.now)
        guard !Poll.readable([output], timeout: rest).isEmpty else { return true }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = read(output, &buffer, buffer.count)
        return count > 0 || count == -1 && errno == EINTR
    }

    /// Sends a signal.
    package func send(signal: Int32) { _ = kill(identifier, signal) }

    /// Waits until the child has ended. Call it once, from one thread.
    package func wait() -> Ending {
        var status: Int32 = 0
        while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7f
        return signal == 0 ? .exited((status >> 8) & 0xff) : .killed(signal: signal)
    }

    private static func makePipe() throws(SystemError) -> (reading: Int32, writing: Int32) {
        var ends: [Int32] = [-1, -1]
        try SystemError.check("pipe") { clinux_pipe(&ends) }
        return (ends[0], ends[1])
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
