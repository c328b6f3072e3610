/// What arrived in a transaction.
package struct Arrivals: Sendable, Equatable {
    /// By the names of totals.
    package var names: [String: Int64] = [:]
    /// Articles by source.
    package var sources: [String: Int64] = [:]
}
