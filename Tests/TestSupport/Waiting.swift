import Glibc

/// A condition did not come true in time.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let description: String
}

/// Asks until `condition` holds; returns false where it does not within `limit`.
///
/// For what gives no event to wait for: another thread's or process's state, a file's content. It blocks its thread, as
/// what it waits for runs on threads of its own.
package func eventually(within limit: Duration = .seconds(20), _ condition: () throws -> Bool) rethrows -> Bool {
    let begin = ContinuousClock.now
    let end = begin + limit
    var asked = begin
    while asked < end {
        if try condition() { return true }
        // Whoever asks is not to take the processor from whom it waits for.
        let now = ContinuousClock.now
        let pause = max(.milliseconds(2), (now - asked) * 2, (now - begin) / 20)
        usleep(UInt32(min(pause, .milliseconds(50)) / .microseconds(1)))
        asked = ContinuousClock.now
    }
    return try condition()
}

/// Waits until `condition` holds; throws, naming `what`, when `limit` is over.
package func waitUntil(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () throws -> Bool
) throws {
    guard try eventually(within: limit, condition) else {
        throw WaitedTooLong(description: "waited \(limit) until \(what)")
    }
}
