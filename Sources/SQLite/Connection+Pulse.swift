import CSQLite

extension Connection {
    /// What is called while statements work.
    struct Pulse {
        let interval: Duration
        let body: () -> Void
        var due: ContinuousClock.Instant
    }

    /// Runs `work` and calls `pulse` again and again as long as its statements do something: not where one waits for a
    /// lock or for the disk, so that a pulse is a sign of life.
    ///
    /// The corresponding C function is `sqlite3_progress_handler`, of which a connection has one: no time may be limited
    /// (``limitTime(_:)``) meanwhile.
    ///
    /// - Parameters:
    ///   - interval: the least time between two calls.
    ///   - pulse: must not use the connection.
    package func withPulse<Result>(
        every interval: Duration, _ pulse: () -> Void, _ work: () throws -> Result
    ) rethrows -> Result {
        try withoutActuallyEscaping(pulse) { pulse in
            self.pulse = Pulse(interval: interval, body: pulse, due: .now + interval)
            // Unretained: the handler goes before this call returns.
            let me = Unmanaged.passUnretained(self).toOpaque()
            sqlite3_progress_handler(handle, 10_000, { Connection.beat($0) }, me)
            defer {
                sqlite3_progress_handler(handle, 0, nil, nil)
                self.pulse = nil
            }
            return try work()
        }
    }

    private static func beat(_ context: UnsafeMutableRawPointer?) -> Int32 {
        guard let context else { return 0 }
        let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        guard let pulse = connection.pulse, ContinuousClock.now >= pulse.due else { return 0 }
        connection.pulse?.due = .now + pulse.interval
        pulse.body()
        return 0
    }
}
