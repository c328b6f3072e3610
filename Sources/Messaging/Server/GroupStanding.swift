package import Articles

/// How far a work group of a log is.
package struct GroupStanding: Sendable, Equatable, Decodable {
    package var name: String
    /// Everything up to it is settled.
    package var floor: UInt64
    /// Everything up to it was given out, or passed over by the group's topics.
    package var high: UInt64
    /// Records that were not given out, and those that are not settled.
    package var lag: UInt64
    /// How long the first record behind the floor has been there; 0 where there is none.
    package var lagMilliseconds: Int64
    /// Records that are leased or wait to be given again.
    package var inFlight: Int
    /// Dead letters.
    package var dead: Int
    package var isPaused: Bool
    /// Workers that hold something.
    package var owners: Int
    /// When a worker last asked for something or ended something, in milliseconds since 1970; nil where that is not known.
    package var seen: Int64?
    /// Retention does not remove what is not settled.
    package var holds: Bool

    enum CodingKeys: String, CodingKey {
        case floor, high, lag, holds
        case name = "group"
        case lagMilliseconds = "lag_ms"
        case inFlight = "inflight"
        case dead = "dead_count"
        case isPaused = "paused"
        case owners = "owner_count"
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
        writer.field("group", name)
        writer.field("paused", isPaused)
        writer.field("floor", floor)
        writer.field("high", high)
        writer.field("lag", lag)
        writer.field("lag_ms", lagMilliseconds)
        writer.field("inflight", inFlight)
        writer.field("dead_count", dead)
        writer.field("owner_count", owners)
        writer.field("seen_ms", seen)
        writer.field("holds", holds)
    }
}
