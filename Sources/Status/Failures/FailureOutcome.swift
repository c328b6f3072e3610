import Articles
import Messaging

/// What came of a ``FailureChange`` at once; what comes of another try is a result of its worker's, some seconds later.
package struct FailureOutcome: Sendable {
    /// A failure with which nothing can be done.
    package struct Refusal: Sendable, Equatable {
        package var key: FailureKey
        /// Why, in a sentence.
        package var reason: String
    }

    /// How many are to be tried again, or are discarded.
    package var count = 0
    /// Those of the named ones that have not failed, or do not fail any more.
    package var missing: [FailureKey] = []
    package var refused: [Refusal] = []
    /// Of all there are more than one request takes.
    package var hasMore = false

    /// The most refusals that are told.
    static let mostRefusals = FailureChange.limit

    /// Takes in what came of another request.
    mutating func add(_ other: FailureOutcome) {
        count += other.count
        missing += other.missing
        refused = Array((refused + other.refused).prefix(FailureOutcome.mostRefusals))
        hasMore = other.hasMore
    }

    /// The answer of the commands and the API.
    package var json: [UInt8] {
        Reply { writer in
            writer.field("count", count)
            writer.array("missing", missing) { $1.write(to: &$0) }
            writer.array("refused", refused) { writer, refusal in
                writer.beginObject()
                refusal.key.writeMembers(to: &writer)
                writer.field("reason", refusal.reason)
                writer.endObject()
            }
            writer.field("more", hasMore)
        }.json
    }
}
