import Glibc
package import Linux
import Synchronization

/// A process, mostly of the built program: its readiness, its output and its end.
///
/// It is signalled only through this object, which knows whether the id is still its own; it is killed when the object
/// goes.
package final class TestedProcess: Sendable {
    /// What it is called in messages.
    private let name: String
    /// Its process id.
    package var identifier: Int32 { child.identifier }

    private let child: ChildProcess
    private let readiness: ReadinessSocket?
    private let record = Record()
    private let threads: [SystemThread]

    /// What the threads write down.
    private final class Record: Sendable {
        struct State {
            var ending: ChildProcess.Ending?
            var openOutputs = 2
            var output: [UInt8] = []
            var errorOutput: [UInt8] = []
        }
        let state = Mutex(State())
    }

    /// Starts any program by its path, with its arguments.
    ///
    /// - Parameter name: what it is called in messages.
    package init(
        name: String, command: [String], environment: [String: String] = [:], readiness: ReadinessSocket? = nil
    ) throws {
        self.name = name
        self.readiness = readiness
        var environment = environment
        // Set also without a socket: the tests may themselves run under a service manager.
        environment["NOTIFY_SOCKET"] = readiness?.path ?? ""
        let child = try ChildProcess(
            path: command[0], arguments: Array(command.dropFirst()), environment: environment)
        self.child = child
        threads = try [
            SystemThread(name: "child-output") { [record] in
                TestedProcess.read(child.output) { bytes in record.state.withLock { $0.output += bytes } }
                record.state.withLock { $0.openOutputs -= 1 }
            },
            SystemThread(name: "child-errors") { [record] in
                TestedProcess.read(child.errorOutput) { bytes in record.state.withLock { $0.errorOutput += bytes } }
                record.state.withLock { $0.openOutputs -= 1 }
            },
            SystemThread(name: "child-end") { [record] in
                // Seen first and reaped under the lock, so that no signal goes to a process that took the id.
                var information = siginfo_t()
                while waitid(P_PID, id_t(child.identifier), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
                record.state.withLock { $0.ending = child.wait() }
            },
        ]
    }

    deinit {
        send(SIGKILL)
        for thread in threads { thread.join() }
    }

    // MARK: What it does

    /// How it ended; nil while it runs.
    package var ending: ChildProcess.Ending? { record.state.withLock { $0.ending } }
    /// What it wrote to standard output.
    package var output: String { record.state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    /// What it wrote to standard error.
    package var errorOutput: String { record.state.withLock { String(decoding: $0.errorOutput, as: UTF8.self) } }

    /// Waits until it has said READY=1.
    package func waitUntilReady(within limit: Duration = .seconds(30)) throws {
        guard let readiness else { throw Trouble("\(name) has no socket to say READY=1 to") }
        let end = ContinuousClock.now + limit
        while !readiness.hasHeard({ $0 == "READY=1" }) {
            _ = Poll.readable([], timeout: .milliseconds(5))
            if let ending { throw Trouble("\(name) ended before it was ready, \(ending):\n\(errorOutput)") }
            guard ContinuousClock.now < end else {
                throw Trouble("\(name) was not ready after \(limit):\n\(errorOutput)")
            }
        }
    }

    /// Waits until it has told the service manager a line that is as asked.
    package func waitUntilTold(_ what: String, within limit: Duration = .seconds(30), _ isIt: (String) -> Bool) throws {
        guard let readiness else { throw Trouble("\(name) has no socket to tell anything") }
        try waitUntil("\(name) has told \(what)", within: limit) { readiness.hasHeard(isIt) }
    }

    /// Waits for its end and that of its output.
    @discardableResult
    package func waitUntilEnded(within limit: Duration = .seconds(30)) throws -> ChildProcess.Ending {
        do {
            try waitUntil("\(name) has ended", within: limit) {
                record.state.withLock { $0.ending != nil && $0.openOutputs == 0 }
            }
        } catch {
            throw Trouble("\(error):\n\(errorOutput)")
        }
        return ending!
    }

    // MARK: What is done to it

    /// Sends a signal, where it still runs; returns whether it did.
    @discardableResult package func send(_ signal: Int32) -> Bool {
        record.state.withLock { state in
            guard state.ending == nil else { return false }
            child.send(signal: signal)
            return true
        }
    }

    /// Writes to its standard input; returns whether all of it was taken.
    package func write(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return Glibc.write(child.input, bytes, bytes.count) == bytes.count
    }

    /// Asks it to drain and waits for its end.
    @discardableResult
    package func stop(with signal: Int32 = SIGTERM, within limit: Duration = .seconds(30)) throws -> ChildProcess.Ending
    {
        send(signal)
        return try waitUntilEnded(within: limit)
    }

    /// Kills it and waits until it is dead.
    @discardableResult package func kill() throws -> ChildProcess.Ending { try stop(with: SIGKILL) }

    private static func read(_ descriptor: Int32, _ body: (ArraySlice<UInt8>) -> Void) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { body(buffer[..<count]) } else if count == 0 || errno != EINTR { return }
        }
    }
}
