package import Linux

/// A part of a process with a thread of its own, from start to drain.
package protocol Service: AnyObject, Sendable {
    /// The part's name, for log lines and its thread.
    var name: String { get }

    /// Who waits for what it does; ``SystemThread/Precedence/normal`` unless it says otherwise.
    var precedence: SystemThread.Precedence { get }

    /// Runs until drained. What it owns (sockets, connections) is made, used and closed in here, on this thread.
    ///
    /// Calls `started` once when it serves; an error before or after ends the process in order.
    func run(started: @Sendable () -> Void) throws

    /// Asks ``run(started:)`` to finish what is in flight and return. Called on another thread, returns at once.
    func drain()
}

extension Service {
    package var precedence: SystemThread.Precedence { .normal }
}
