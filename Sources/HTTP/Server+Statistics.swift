import Synchronization

extension Server {
    /// What a server has refused before its handler was asked; for measurements.
    package final class Statistics: Sendable {
        /// A number that only grows.
        package final class Count: Sendable {
            private let count = Atomic<Int>(0)
            /// The number.
            package var value: Int { count.load(ordering: .relaxed) }
            func add() { count.add(1, ordering: .relaxed) }
        }

        /// Connections that were closed because there were too many, in all or from one address.
        package let refusedConnections = Count()
        /// Requests that were answered with 429.
        package let limitedRequests = Count()
    }

    /// What the server has refused.
    package var statistics: Statistics { context.statistics }

    /// Connections that are open.
    package var connectionCount: Int { context.table.count }

    /// When the certificate that is shown ends, in seconds since 1970; nil without TLS.
    package var certificateEnd: Int64? { identity?.current?.end }
}
