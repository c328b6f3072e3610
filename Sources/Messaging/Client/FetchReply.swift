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

    private struct Body: PlainDecodable {
        var low: UInt64
        var head: UInt64
        var next: Cursor
        var count: Int
        var leases: [Lease]?

        init?(plain reader: inout PlainReader) {
            var (low, head, next, count) = (UInt64?.none, UInt64?.none, Cursor?.none, Int?.none)
            var leases: [Lease]?
            let isRead = reader.object { reader in
                if reader.isNamed("low") { return reader.integer(into: &low) }
                if reader.isNamed("head") { return reader.integer(into: &head) }
                if reader.isNamed("count") { return reader.integer(into: &count) }
                if reader.isNamed("next") {
                    next = Cursor(plain: &reader)
                    return next != nil
                }
                if reader.isNamed("leases") {
                    var read: [Lease] = []
                    defer { leases = read }
                    return reader.array { reader in
                        guard let lease = Lease(plain: &reader) else { return false }
                        read.append(lease)
                        return true
                    }
                }
                // What the cursor says, too.
                var (text, number) = (String?.none, UInt32?.none)
                return reader.isNamed("stream")
                    ? reader.string(into: &text)
                    : reader.isNamed("epoch") && reader.integer(into: &number)
            }
            guard isRead, let low, let head, let next, let count else { return nil }
            (self.low, self.head, self.next, self.count, self.leases) = (low, head, next, count, leases)
        }
    }

    /// Reads a reply.
    ///
    /// - Throws: `MalformedReply` where frames are missing or are not what the specification says.
    package init(_ reply: Reply) throws {
        let body: Body
        do { body = try reply.decode(Body.self) } catch { throw MalformedReply(what: "the json frame: \(error)") }
        guard body.count >= 0, body.count <= reply.payload.count / 2 else {
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

extension FetchReply.Lease: PlainDecodable {
    init?(plain reader: inout PlainReader) {
        var (seq, attempt, left) = (UInt64?.none, Int?.none, Int64?.none)
        let isRead = reader.object { reader in
            if reader.isNamed("seq") { return reader.integer(into: &seq) }
            if reader.isNamed("attempt") { return reader.integer(into: &attempt) }
            return reader.isNamed("left_ms") && reader.integer(into: &left)
        }
        guard isRead, let seq, let attempt else { return nil }
        (self.seq, self.attempt) = (seq, attempt)
    }
}

/// A server's reply that does not follow the specification.
package struct MalformedReply: Error, CustomStringConvertible {
    let what: String
    package var description: String { "the server's reply is malformed: \(what)" }
}
