import Glibc

/// A condition did not come true in time.
package struct WaitedTooLong: Error, CustomStringConvertible {
    package let description: String
}

/// Waits until `condition` holds, looking again every few milliseconds; throws when `limit` is over.
///
/// For what gives no event to wait for. It blocks its thread, as what it waits for runs on threads of its own.
package func waitUntil(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () throws -> Bool
) throws {
    let end = ContinuousClock.now + limit
    while try !condition() {
        guard ContinuousClock.now < end else { throw WaitedTooLong(description: "waited \(limit) until \(what)") }
        usleep(3000)
    }
}
