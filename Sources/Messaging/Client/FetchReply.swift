import Articles

/// What FETCH and CLAIM return.
package struct FetchReply: Sendable {
    /// A lease of shared work.
    package struct Lease: Sendable, Decodable {
        package var seq: UInt64
        /// From 1.
        package var attempt: Int
    }

    /// Positions and records, ascending.
    package var records: [(position: Position, bytes: [UInt8])]
    /// Where to go on: it moves even where no record matched.
    package var next: Cursor
    /// The end of the stream.
    package var head: UInt64
    /// The oldest retained record.
    package var low: UInt64
    /// For CLAIM: a lease a record.
    package var leases: [Lease]

    private struct Body: Decodable {
        var low: UInt64
        var head: UInt64
        var next: Cursor
        var count: Int
        var leases: [Lease]?
    }

    /// Reads a reply.
    ///
    /// - Throws: `MalformedReply` where frames are missing or are not what the specification says.
    package init(_ reply: Reply) throws {
        let body: Body
        do { body = try reply.decode(Body.self) } catch { throw MalformedReply(what: "the json frame: \(error)") }
        guard reply.payload.count >= body.count * 2 else {
            throw MalformedReply(what: "\(body.count) records were announced, \(reply.payload.count) frames came")
        }
        records = []
        records.reserveCapacity(body.count)
        for index in 0..<body.count {
            guard let frame = PositionFrame(reply.payload[index * 2]), frame.kind == .record else {
                throw MalformedReply(what: "a position frame is not one")
            }
            records.append((frame.position, reply.payload[index * 2 + 1]))
        }
        next = body.next
        head = body.head
        low = body.low
        leases = body.leases ?? []
    }
}

/// A server's reply that does not follow the specification.
package struct MalformedReply: Error, CustomStringConvertible {
    let what: String
    package var description: String { "the server's reply is malformed: \(what)" }
}
