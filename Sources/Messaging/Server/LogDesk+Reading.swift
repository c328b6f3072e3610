import Articles

/// The commands of readers: HELLO, PING, SEEK, FETCH.
extension LogDesk {
    private struct HelloBody: Decodable {
        var want: [Int]?
    }

    func hello(_ request: Request) throws -> Answer {
        let body = try request.decode(HelloBody.self)
        if let want = body.want, !want.contains(1) { throw WireError.version }
        let low = try low()
        return answer(request) { writer in
            writer.field("version", 1)
            writer.field("stream", reader.state.stream.description)
            writer.field("epoch", reader.epoch)
            writer.key("epochs")
            writer.beginArray()
            for entry in reader.state.epochs {
                writer.beginArray()
                writer.integer(entry.epoch)
                writer.integer(entry.firstSeq)
                writer.endArray()
            }
            writer.endArray()
            writer.field("name", configuration.name)
            writer.field("boot", boot)
            writer.field("low", low)
            writer.field("head", head)
            writer.array("feed", feedAddresses)
            writer.field("max", Limit.records)
            writer.field("max_bytes", Limit.bytes)
            writer.field("max_wait_ms", Limit.waitMilliseconds)
            writer.field("heartbeat_ms", Feed.intervalMilliseconds)
            writer.field("server", "dropwire/\(Version.text)")
            writer.array("roles", request.roles.names)
        }
    }

    private struct NoBody: Decodable {
        private enum CodingKeys: CodingKey {}

        init(from decoder: any Decoder) throws { _ = try decoder.container(keyedBy: CodingKeys.self) }
    }

    func ping(_ request: Request) throws -> Answer {
        _ = try request.decode(NoBody.self)
        return answer(request) { $0.field("head", head) }
    }

    // MARK: SEEK

    private struct SeekBody: Decodable {
        var at: JSONValue
    }

    func seek(_ request: Request) throws -> Answer {
        let at = try request.decode(SeekBody.self).at
        let seq: UInt64
        switch at {
        case .string("first"): seq = try low() - 1
        case .string("end"): seq = head
        case .object where at["time_ms"]?.integerValue != nil:
            // The table may be ahead of what was published: a cursor never is.
            seq = try min(head, reader.firstSeq(at: at["time_ms"]?.integerValue ?? 0).map { $0 - 1 } ?? head)
        default: throw WireError.badRequest("SEEK: 'at' is \"first\", \"end\" or {\"time_ms\": n}")
        }
        let time = try time(of: seq)
        return answer(request) { writeCursor(seq, time, to: &$0) }
    }

    /// The commit time of a record as it stands in a cursor: 0 where there is no such record any more.
    func time(of seq: UInt64) throws -> Int64 {
        try seq == head ? headTime : ring.time(of: seq) ?? reader.time(of: seq) ?? 0
    }

    private func writeCursor(_ seq: UInt64, _ time: Int64, to writer: inout JSONWriter) {
        writer.field("stream", reader.state.stream.description)
        writer.field("epoch", reader.epoch)
        writer.field("after", seq)
        writer.field("time_ms", time)
    }

    // MARK: FETCH

    /// The json of FETCH.
    struct FetchBody: PlainDecodable {
        var stream: StreamID?
        var epoch: UInt32?
        var after: UInt64?
        var timeMilliseconds: Int64?
        var maximum: Int?
        var maximumBytes: Int?
        var waitMilliseconds: Int64?
        var topics: [String]?

        enum CodingKeys: String, CodingKey {
            case stream, epoch, after, topics
            case timeMilliseconds = "time_ms"
            case maximum = "max"
            case maximumBytes = "max_bytes"
            case waitMilliseconds = "wait_ms"
        }

        init?(plain reader: inout PlainReader) {
            var name: String?
            let isRead = reader.object { reader in
                if reader.isNamed("stream") { return reader.string(into: &name) }
                if reader.isNamed("epoch") { return reader.integer(into: &epoch) }
                if reader.isNamed("after") { return reader.integer(into: &after) }
                if reader.isNamed("time_ms") { return reader.integer(into: &timeMilliseconds) }
                if reader.isNamed("max") { return reader.integer(into: &maximum) }
                if reader.isNamed("max_bytes") { return reader.integer(into: &maximumBytes) }
                if reader.isNamed("wait_ms") { return reader.integer(into: &waitMilliseconds) }
                return reader.isNamed("topics") && reader.strings(into: &topics)
            }
            stream = name.flatMap { StreamID($0) }
            guard isRead, name == nil || stream != nil else { return nil }
        }
    }

    func fetch(_ request: Request) throws -> Answer? {
        let body = try request.decode(FetchBody.self)
        guard (body.maximum ?? 1) >= 1, (body.maximumBytes ?? 1) >= 1, (body.waitMilliseconds ?? 0) >= 0 else {
            throw WireError.badRequest("FETCH: 'max' and 'max_bytes' are at least 1, 'wait_ms' at least 0")
        }
        try TopicFilter.check(body.topics ?? [], "FETCH")
        let after = try start(body)
        return try fetch(request, body, after: after, deadline: deadline(waitMilliseconds: body.waitMilliseconds))
    }

    func fetch(
        _ request: Request, _ body: FetchBody, after: UInt64, deadline: ContinuousClock.Instant
    ) throws -> Answer? {
        let filter = TopicFilter(body.topics ?? [])
        let slice = try read(
            after: after, filter: filter,
            bounds: LogReader.Bounds(
                records: min(body.maximum ?? 100, Limit.records),
                bytes: min(body.maximumBytes ?? Limit.defaultBytes, Limit.bytes)))
        if slice.records.isEmpty, slice.next >= head, deadline > .now {
            wait(request, .fetch(body, after: slice.next), filter: filter, until: deadline)
            return nil
        }
        return try answer(request, slice) { _ in }
    }

    /// Checks a cursor against the log and returns the sequence number to read after.
    private func start(_ body: FetchBody) throws -> UInt64 {
        let after = body.after ?? 0
        let low = try low()
        if let stream = body.stream, stream != reader.state.stream {
            throw WireError(
                .notFound, "UNKNOWN_STREAM", "this is the stream \(reader.state.stream), not \(stream)",
                fields: ["stream": .string(reader.state.stream.description)])
        }
        if after == 0, body.stream == nil { return low - 1 }
        if try isOfAnotherState(body, after) {
            let epochs = reader.state.epochs.map { entry in
                JSONValue.array([.integer(Int64(entry.epoch)), .integer(Int64(clamping: entry.firstSeq))])
            }
            throw WireError(
                .epoch, "EPOCH", "the cursor was made on another state of this log; resume as the epochs say",
                fields: [
                    "epochs": .array(epochs), "low": .integer(Int64(clamping: low)),
                    "head": .integer(Int64(clamping: head)),
                ])
        }
        guard after <= head else { throw WireError.ahead(after, head: head) }
        if after + 1 < low {
            throw WireError(
                .expired, "EXPIRED", "the log begins at \(low); what stood before it was removed by retention",
                fields: ["low": .integer(Int64(clamping: low)), "head": .integer(Int64(clamping: head))])
        }
        return after
    }

    /// The cursor's epoch is another one, or its record was committed at another time than ours. A time of 0 says nothing.
    private func isOfAnotherState(_ body: FetchBody, _ after: UInt64) throws -> Bool {
        if let epoch = body.epoch, epoch != reader.epoch { return true }
        guard after > 0, let time = body.timeMilliseconds, time > 0, let ours = try reader.time(of: after) else {
            return false
        }
        return ours != time
    }

    func read(after seq: UInt64, filter: TopicFilter, bounds: LogReader.Bounds) throws -> LogReader.Slice {
        try ring.read(after: seq, head: head, filter: filter, bounds: bounds)
            ?? reader.read(after: seq, head: head, filter: filter, bounds: bounds)
    }

    // MARK: Answers

    /// An OK with a json frame only.
    func answer(_ request: Request, _ body: (inout JSONWriter) -> Void) -> Answer {
        Answer(request: request, outcome: .success(Reply(body)))
    }

    /// An OK with records.
    func answer(_ request: Request, _ slice: LogReader.Slice, _ more: (inout JSONWriter) -> Void) throws -> Answer {
        let low = try low()
        let time = try time(of: slice.next)
        let reply = Reply(records: slice.records) { writer in
            writer.field("stream", reader.state.stream.description)
            writer.field("epoch", reader.epoch)
            writer.field("low", low)
            writer.field("head", head)
            writer.key("next")
            writer.beginObject()
            writeCursor(slice.next, time, to: &writer)
            writer.endObject()
            writer.field("count", slice.records.count)
            more(&writer)
        }
        return Answer(request: request, outcome: .success(reply))
    }
}

extension WireError {
    /// 505: a version that this server does not speak.
    static var version: WireError {
        WireError(.version, "VERSION", "this server speaks DW1", fields: ["supported": .array([.integer(1)])])
    }

    /// 416: a position behind the end of the log.
    static func ahead(_ after: UInt64, head: UInt64) -> WireError {
        WireError(
            .ahead, "AHEAD", "the log ends at \(head), before \(after)",
            fields: ["head": .integer(Int64(clamping: head))])
    }
}
