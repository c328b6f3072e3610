@testable import Ingestion

extension Bench {
    /// An intake that has looked at its empty directory.
    static func started(
        _ byEvents: Bool = true, _ change: (inout DropDirectoryConfiguration) -> Void = { _ in }
    ) throws -> Bench {
        let bench = try Bench {
            $0.usesEvents = byEvents
            change(&$0)
        }
        try bench.start()
        try bench.settle()
        return bench
    }
}
