import Glibc
import Lifecycle
import Linux
import Messaging
import Synchronization

/// A role as a child process: its lines go to the console, it is started again with backoff when it dies, and it drains
/// by SIGTERM. Standard input is a pipe, by whose end the child notices that its parent is gone.
final class ChildService: Service {
    let name: String
    private let index: Int
    private let arguments: [String]
    private let console: Console
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let isToReload = Atomic<Bool>(false)
    private let restarts = Atomic<Int>(0)
    private static let patience = Duration.seconds(15)

    /// Makes a child `dropwire ARGUMENTS…`.
    init(name: String, index: Int, arguments: [String], console: Console) throws {
        self.name = name
        self.index = index
        self.arguments = arguments
        self.console = console
        self.bell = try WakeUp()
    }

    /// How often the child died and was started again.
    var restartCount: Int { restarts.load(ordering: .relaxed) }

    func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    /// Has the child read again what it reads on SIGHUP.
    func reload() {
        isToReload.store(true, ordering: .relaxed)
        bell.ring()
    }

    func run(started: @Sendable () -> Void) throws {
        var failures = 0
        while true {
            let begin = ContinuousClock.now
            let child = try ChildProcess(
                path: ProcessInformation.executablePath, arguments: arguments, output: .null, errorOutput: .piped)
            started()
            relay(child)
            let ending = child.wait()
            if isDraining.load(ordering: .relaxed) { return }
            if case .exited(let code) = ending, code == ExitCode.configuration || code == ExitCode.usage {
                throw ConfigurationError(
                    description: "\(name) cannot run with this configuration; see its message above")
            }
            failures = ContinuousClock.now - begin > .seconds(30) ? 1 : failures + 1
            restarts.add(1, ordering: .relaxed)
            let delay = Backoff.delay(failures: failures)
            console.write("ended (\(ending)); it is started again in \(delay)", from: name, at: index)
            _ = Poll.readable([bell.descriptor], timeout: delay)
            if isDraining.load(ordering: .relaxed) { return }
        }
    }

    /// Passes the child's lines on until it closes its end; asks it to stop when the group drains.
    private func relay(_ child: ChildProcess) {
        var line: [UInt8] = []
        var killAt: ContinuousClock.Instant?
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let descriptors = killAt == nil ? [child.errorOutput, bell.descriptor] : [child.errorOutput]
            let ready = Poll.readable(descriptors, timeout: killAt.map { max(.zero, $0 - .now) })
            if ready.contains(bell.descriptor) { bell.silence() }
            if isToReload.exchange(false, ordering: .relaxed) { child.send(signal: SIGHUP) }
            if killAt == nil, isDraining.load(ordering: .relaxed) {
                child.send(signal: SIGTERM)
                killAt = .now + ChildService.patience
            } else if let at = killAt, at <= .now {
                console.write("does not drain and is killed", from: name, at: index)
                child.send(signal: SIGKILL)
                killAt = .now + .seconds(3600)
            }
            guard ready.contains(child.errorOutput) else { continue }
            let count = read(child.errorOutput, &buffer, buffer.count)
            if count == -1, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") || line.count == 8192 {
                    console.write(String(decoding: line, as: UTF8.self), from: name, at: index)
                    line.removeAll(keepingCapacity: true)
                }
                if byte != UInt8(ascii: "\n") { line.append(byte) }
            }
        }
        if !line.isEmpty { console.write(String(decoding: line, as: UTF8.self), from: name, at: index) }
    }
}
