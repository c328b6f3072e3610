import Foundation

/// A directory that goes with its test.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = "/tmp/dropwire-status-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }
}

/// Waits until `condition` holds; false where it does not within the deadline.
func eventually(within deadline: Duration = .seconds(10), _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + deadline
    while ContinuousClock.now < end {
        if try condition() { return true }
        usleep(10_000)
    }
    return try condition()
}
