package import Articles

/// How far a consumer of a log is, as the log knows it from its COMMITs.
package struct ConsumerStanding: Sendable, Equatable, Decodable {
    /// The name that it commits under.
    package var name: String
    /// The last record whose effect it has committed.
    package var after: UInt64
    /// Records behind that.
    package var lag: UInt64
    /// How long the first of them has been there; 0 where there is none.
    package var lagMilliseconds: Int64
    /// When it last told, in milliseconds since 1970; nil where it never did, or that is not known.
    package var seen: Int64?
    /// Retention does not remove what it has not read.
    package var holds: Bool
    /// Records behind its place that retention has removed.
    package var lost: UInt64

    enum CodingKeys: String, CodingKey {
        case after, lag, holds, lost
        case name = "consumer"
        case lagMilliseconds = "lag_ms"
        case seen = "seen_ms"
    }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    /// Writes its members.
    package func writeMembers(to writer: inout JSONWriter) {
        writer.field("consumer", name)
        writer.field("after", after)
        writer.field("lag", lag)
        writer.field("lag_ms", lagMilliseconds)
        writer.field("seen_ms", seen)
        writer.field("holds", holds)
        writer.field("lost", lost)
    }
}
