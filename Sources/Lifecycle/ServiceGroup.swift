import Glibc
import Linux
import Synchronization
import Telemetry

/// Runs the services of a process: starts them in order, drains them in reverse, and lets nothing drain for ever.
///
/// The first SIGTERM or SIGINT (or the end of standard input, where a parent supervises) drains; the second, or the
/// deadline, ends the process at once with code 1: what the log and the stores promise holds after any kill.
package final class ServiceGroup: Sendable {
    private let services: [any Service]
    private let signals: SignalPipe
    private let deadline: Duration
    private let isSupervised: Bool
    private let onReload: (@Sendable () -> Void)?
    private let logger = Logger(label: "lifecycle")
    private let bell: WakeUp
    private let states: Mutex<[State]>

    private enum State {
        case waiting
        case serving
        case ended((any Error)?)
    }

    /// Makes a group; takes over SIGTERM, SIGINT and SIGHUP from this moment on.
    ///
    /// - Parameters:
    ///   - services: in the order of their start.
    ///   - deadline: how long the whole drain may take.
    ///   - isSupervised: standard input is a pipe whose end means that the parent is gone.
    ///   - onReload: called on SIGHUP, on the main thread.
    package init(
        services: [any Service], deadline: Duration = .seconds(20), isSupervised: Bool = false,
        onReload: (@Sendable () -> Void)? = nil
    ) throws {
        self.services = services
        self.deadline = deadline
        self.isSupervised = isSupervised
        self.onReload = onReload
        self.signals = try SignalPipe([SIGTERM, SIGINT, SIGHUP])
        self.bell = try WakeUp()
        self.states = Mutex(services.map { _ in .waiting })
    }

    /// Runs everything on the calling thread's watch; returns when all is drained.
    ///
    /// - Parameters:
    ///   - ready: called once when all services serve.
    ///   - stopping: called once when the drain begins.
    /// - Throws: the first error of a service, after the others have drained.
    package func run(ready: () -> Void = {}, stopping: () -> Void = {}) throws {
        var threads: [SystemThread] = []
        var isDraining = false
        for (index, service) in services.enumerated() where !isDraining {
            do {
                threads.append(try start(service, at: index))
            } catch {
                states.withLock { $0[index] = .ended(error) }
                isDraining = true
                break
            }
            waitForStart: while true {
                switch state(index) {
                case .serving: break waitForStart
                case .ended:
                    isDraining = true
                    break waitForStart
                // Another one that has ended meanwhile may be what this one waits for.
                case .waiting:
                    if wait(timeout: nil) || hasEnded() {
                        isDraining = true
                        break waitForStart
                    }
                }
            }
        }
        if !isDraining {
            ready()
            while !wait(timeout: nil), !hasEnded() {}
        }
        stopping()
        drain(threads)
        if let error = firstError() { throw error }
    }

    private func start(_ service: any Service, at index: Int) throws -> SystemThread {
        try SystemThread(name: service.name, precedence: service.precedence) { [self] in
            var failure: (any Error)?
            do {
                try service.run { [self] in
                    states.withLock { $0[index] = .serving }
                    bell.ring()
                }
            } catch { failure = error }
            states.withLock { $0[index] = .ended(failure) }
            bell.ring()
        }
    }

    /// Drains in reverse order, one service after the other, within the deadline.
    private func drain(_ threads: [SystemThread]) {
        let end = ContinuousClock.now + deadline
        for index in threads.indices.reversed() {
            logger.debug("A service drains.", [.service: services[index].name])
            services[index].drain()
            while true {
                if case .ended = state(index) { break }
                let rest = end - ContinuousClock.now
                if rest <= .zero || wait(timeout: rest) {
                    logger.error(.drainCutShort, [.service: services[index].name])
                    _exit(1)
                }
            }
            threads[index].join()
        }
    }

    /// Waits for the bell or a signal; returns whether the process was asked to stop.
    private func wait(timeout: Duration?) -> Bool {
        var descriptors = [signals.descriptor, bell.descriptor]
        let watchesInput = isSupervised && !inputHasEnded.load(ordering: .relaxed)
        if watchesInput { descriptors.append(0) }
        let ready = Poll.readable(descriptors, timeout: timeout)
        bell.silence()
        var isAsked = false
        for signal in signals.received() {
            if signal == SIGHUP {
                onReload?()
            } else {
                isAsked = isNewRequest(by: "signal \(signal)") || isAsked
            }
        }
        if watchesInput, ready.contains(0) {
            var byte: UInt8 = 0
            if read(0, &byte, 1) == 0 {
                inputHasEnded.store(true, ordering: .relaxed)
                // A parent that goes while its child drains asks for nothing more.
                if firstRequest.withLock({ $0 == nil }) {
                    isAsked = isNewRequest(by: "the end of the parent") || isAsked
                }
            }
        }
        return isAsked
    }

    /// Notes a request to stop. What comes within a second of the first is the same request: a service manager and a
    /// terminal both signal a whole group.
    private func isNewRequest(by what: String) -> Bool {
        let first = firstRequest.withLock { first in
            defer { first = first ?? .now }
            return first
        }
        if let first, ContinuousClock.now - first < .seconds(1) { return false }
        logger.info("Asked to stop.", [.by: what])
        return true
    }

    private let firstRequest = Mutex<ContinuousClock.Instant?>(nil)
    private let inputHasEnded = Atomic<Bool>(false)

    private func state(_ index: Int) -> State { states.withLock { $0[index] } }

    private func hasEnded() -> Bool {
        states.withLock { states in
            states.contains { if case .ended = $0 { true } else { false } }
        }
    }

    private func firstError() -> (any Error)? {
        states.withLock { states in
            for case .ended(let error?) in states { return error }
            return nil
        }
    }
}
