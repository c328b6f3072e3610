import Glibc

/// Asks until `condition` holds; returns false where it does not within `limit`.
///
/// For what cannot be awaited by a descriptor: another thread's state, a file's content.
package func eventually(within limit: Duration = .seconds(20), _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try condition() { return true }
        usleep(2000)
    }
    return try condition()
}
