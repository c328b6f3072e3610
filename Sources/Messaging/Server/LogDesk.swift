import Articles
import Linux
import Telemetry

/// Answers the commands of a log: HELLO, PING, SEEK, FETCH, COMMIT, and the shared work of groups.
///
/// It does no networking: a request goes in, its answer comes out, at once or (FETCH and CLAIM with `wait_ms`) later.
final class LogDesk {
    /// Limits that HELLO announces.
    enum Limit {
        static let records = 1000
        static let defaultBytes = 1 << 20
        static let bytes = 8 << 20
        static let waitMilliseconds: Int64 = 60_000
        static let outstanding = 4
    }

    private struct Waiting {
        let request: Request
        let deadline: ContinuousClock.Instant
        let prefixes: [String]
        let isClaim: Bool
    }

    private let reader: LogReader
    private let groups: GroupStore
    private let configuration: StreamConfiguration
    private let feedAddresses: [String]
    private let logAddresses: [String]
    private let boot = StreamID.random().description
    private var ring: LogRing
    private var head: UInt64
    private var headTime: Int64
    private var waiting: [Waiting] = []
    private let logger = Logger(label: "log")

    init(
        reader: LogReader, groups: GroupStore, configuration: StreamConfiguration, feedAddresses: [String],
        logAddresses: [String]
    ) throws {
        self.reader = reader
        self.groups = groups
        self.configuration = configuration
        self.feedAddresses = feedAddresses
        self.logAddresses = logAddresses
        ring = LogRing(capacity: configuration.ringBytes)
        head = reader.state.head
        headTime = try reader.time(of: head) ?? 0
    }

    /// Where the stream ends, with the present time.
    var headPosition: Position {
        Position(
            stream: reader.state.stream, epoch: reader.epoch, seq: head, timeMilliseconds: Clocks.wallMilliseconds())
    }

    /// The json of HEAD.
    var headMessage: [UInt8] {
        Reply { writer in
            writer.field("boot", boot)
            writer.field("low", (try? reader.low(head: head)) ?? 0)
            writer.field("interval_ms", Feed.intervalMilliseconds)
            writer.field("log", logAddresses)
            writer.field("name", configuration.name)
        }.json
    }

    /// The positions of consumers and, as their floor, of groups.
    var positions: [String: UInt64] {
        groups.consumers.merging(groups.groups.mapValues(\.floor)) { max($0, $1) }
    }

    /// How long until somebody who waits must be answered; nil where nobody waits.
    var untilDue: Duration? {
        guard let first = waiting.map(\.deadline).min() else { return nil }
        var due = first - .now
        if waiting.contains(where: \.isClaim), let lease = groups.groups.values.compactMap(\.nextDue).min() {
            due = min(due, .milliseconds(max(1, lease - Clocks.bootMilliseconds())))
        }
        return max(.zero, due)
    }

    /// Takes in what was committed; returns the answers for those who waited for it.
    func committed(_ records: [LogRecord]) -> [(Request, Result<Reply, WireError>)] {
        for record in records { ring.append(record) }
        guard let last = records.last else { return [] }
        // At the start the reader may have seen more than has been handed over yet.
        if last.position.seq >= head {
            head = last.position.seq
            headTime = last.position.timeMilliseconds
        }
        // Commits that match nobody wake nobody.
        return answer { entry in
            entry.prefixes.isEmpty
                || records.contains { record in entry.prefixes.contains { record.topic.hasPrefix($0) } }
        }
    }

    /// Returns the answers for those whose time is over or for whom a lease came free.
    func answerDue() -> [(Request, Result<Reply, WireError>)] {
        guard !waiting.isEmpty else { return [] }
        let now = ContinuousClock.now
        let boot = Clocks.bootMilliseconds()
        let isWorkDue = groups.groups.values.contains { ($0.nextDue ?? .max) <= boot }
        return answer { $0.deadline <= now || $0.isClaim && isWorkDue }
    }

    /// Gives up all who wait.
    func abandonWaiting() -> [Request] {
        defer { waiting.removeAll() }
        return waiting.map(\.request)
    }

    /// Handles a request; nil where it waits.
    func handle(_ request: Request) -> Result<Reply, WireError>? {
        guard waiting.count(where: { $0.request.peer == request.peer }) < Limit.outstanding else {
            return .failure(
                WireError(
                    .busy, "BUSY", "a peer may have \(Limit.outstanding) requests outstanding", retryMilliseconds: 100))
        }
        return attempt(request, deadline: nil)
    }

    /// Asks again for those who wait and to whom `applies`; they are answered, or go on waiting.
    private func answer(where applies: (Waiting) -> Bool) -> [(Request, Result<Reply, WireError>)] {
        var answers: [(Request, Result<Reply, WireError>)] = []
        let asked = waiting.filter(applies)
        waiting.removeAll(where: applies)
        for entry in asked {
            if let outcome = attempt(entry.request, deadline: entry.deadline) {
                answers.append((entry.request, outcome))
            }
        }
        return answers
    }

    private func attempt(_ request: Request, deadline: ContinuousClock.Instant?) -> Result<Reply, WireError>? {
        do {
            switch request.command {
            case "HELLO": return .success(try hello(request))
            case "PING": return .success(Reply { $0.field("head", head) })
            case "SEEK": return .success(try seek(request))
            case "FETCH": return try fetch(request, deadline: deadline).map { .success($0) }
            case "COMMIT": return .success(try commit(request))
            case "CLAIM": return try claim(request, deadline: deadline).map { .success($0) }
            case "DONE", "EXTEND", "NACK", "RELEASE": return .success(try settle(request))
            case "GROUP": return .success(try describeGroup(request))
            default:
                return .failure(
                    WireError(
                        .notFound, "UNKNOWN_COMMAND",
                        "'\(request.command)' is not a command here; there are HELLO, PING, SEEK, FETCH, COMMIT, "
                            + "CLAIM, DONE, EXTEND, NACK, RELEASE, GROUP"))
            }
        } catch let error as WireError {
            return .failure(error)
        } catch {
            logger.error("A command failed.", ["command": request.command, "error": "\(error)"])
            return .failure(WireError(.internal, "INTERNAL", "\(request.command) failed: \(error)"))
        }
    }

    // MARK: Reading

    private struct HelloBody: Decodable {
        var want: [Int]?
    }

    private func hello(_ request: Request) throws -> Reply {
        let body = try request.decode(HelloBody.self)
        if let want = body.want, !want.contains(1) {
            throw WireError(.version, "VERSION", "this server speaks DW1", fields: ["supported": .array([.integer(1)])])
        }
        let low = try reader.low(head: head)
        return Reply { writer in
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
            writer.field("feed", feedAddresses)
            writer.field("max", Limit.records)
            writer.field("max_bytes", Limit.bytes)
            writer.field("max_wait_ms", Limit.waitMilliseconds)
            writer.field("heartbeat_ms", Feed.intervalMilliseconds)
            writer.field("server", "dropwire")
            writer.field("roles", ["feed", "log", "claim"])
        }
    }

    private struct SeekBody: Decodable {
        var at: JSONValue
    }

    private func seek(_ request: Request) throws -> Reply {
        let at = try request.decode(SeekBody.self).at
        let low = try reader.low(head: head)
        switch at {
        case .string("first"): return cursorReply(low - 1)
        case .string("end"): return cursorReply(head)
        case .object where at["time_ms"]?.integerValue != nil:
            let first = try reader.firstSeq(at: at["time_ms"]?.integerValue ?? 0)
            return cursorReply(first.map { $0 - 1 } ?? head)
        default: throw WireError.badRequest("SEEK: 'at' is \"first\", \"end\" or {\"time_ms\": n}")
        }
    }

    private func cursorReply(_ seq: UInt64) -> Reply {
        Reply { writeCursor(seq, to: &$0) }
    }

    private func writeCursor(_ seq: UInt64, to writer: inout JSONWriter) {
        writer.field("stream", reader.state.stream.description)
        writer.field("epoch", reader.epoch)
        writer.field("after", seq)
        let time = seq == head ? headTime : (try? reader.time(of: seq)) ?? 0
        writer.field("time_ms", time)
    }

    private struct FetchBody: Decodable {
        var stream: StreamID?
        var epoch: UInt32?
        var after: UInt64?
        var time_ms: Int64?
        var max: Int?
        var max_bytes: Int?
        var wait_ms: Int64?
        var topics: [String]?
    }

    private func fetch(_ request: Request, deadline: ContinuousClock.Instant?) throws -> Reply? {
        let body = try request.decode(FetchBody.self)
        guard (body.max ?? 1) >= 1, (body.max_bytes ?? 1) >= 1, (body.wait_ms ?? 0) >= 0 else {
            throw WireError.badRequest("FETCH: 'max' and 'max_bytes' are at least 1, 'wait_ms' at least 0")
        }
        guard (body.topics ?? []).count <= 1000 else { throw WireError.badRequest("FETCH: at most 1000 topics") }
        let after = try start(body)
        let slice = try read(
            after: after, prefixes: body.topics ?? [],
            bounds: LogReader.Bounds(
                records: min(body.max ?? 100, Limit.records),
                bytes: min(body.max_bytes ?? Limit.defaultBytes, Limit.bytes)))
        let deadline = deadline ?? .now + .milliseconds(min(body.wait_ms ?? 0, Limit.waitMilliseconds))
        if slice.records.isEmpty, slice.next >= head, deadline > .now {
            waiting.append(
                Waiting(
                    request: request, deadline: deadline, prefixes: body.topics ?? [], isClaim: false))
            return nil
        }
        return try recordsReply(slice) { _ in }
    }

    /// Checks a cursor against the log and returns the sequence number to read after.
    private func start(_ body: FetchBody) throws -> UInt64 {
        let after = body.after ?? 0
        let low = try reader.low(head: head)
        if let stream = body.stream, stream != reader.state.stream {
            throw WireError(
                .notFound, "UNKNOWN_STREAM", "this is the stream \(reader.state.stream), not \(stream)",
                fields: ["stream": .string(reader.state.stream.description)])
        }
        if after == 0, body.stream == nil { return low - 1 }
        let isOtherLog =
            try body.epoch.map { $0 != reader.epoch } ?? false
            || body.time_ms.map { time in try after > 0 && reader.time(of: after).map { $0 != time } ?? false } ?? false
        if isOtherLog {
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
        if after > head {
            throw WireError(
                .ahead, "AHEAD", "the log ends at \(head), before \(after)",
                fields: ["head": .integer(Int64(clamping: head))])
        }
        if after + 1 < low {
            throw WireError(
                .expired, "EXPIRED", "the log begins at \(low); what stood before it was removed by retention",
                fields: ["low": .integer(Int64(clamping: low)), "head": .integer(Int64(clamping: head))])
        }
        return after
    }

    private func read(after seq: UInt64, prefixes: [String], bounds: LogReader.Bounds) throws -> LogReader.Slice {
        try ring.read(after: seq, prefixes: prefixes, bounds: bounds)
            ?? reader.read(after: seq, head: head, prefixes: prefixes, bounds: bounds)
    }

    private func recordsReply(_ slice: LogReader.Slice, _ more: (inout JSONWriter) -> Void) throws -> Reply {
        let low = try reader.low(head: head)
        var payload: [[UInt8]] = []
        payload.reserveCapacity(slice.records.count * 2)
        for record in slice.records {
            payload.append(PositionFrame(kind: .record, position: record.position).bytes)
            payload.append(record.bytes)
        }
        return Reply(payload: payload) { writer in
            writer.field("stream", reader.state.stream.description)
            writer.field("epoch", reader.epoch)
            writer.field("low", low)
            writer.field("head", head)
            writer.key("next")
            writer.beginObject()
            writeCursor(slice.next, to: &writer)
            writer.endObject()
            writer.field("count", slice.records.count)
            more(&writer)
        }
    }

    private struct CommitBody: Decodable {
        var consumer: String
        var after: UInt64
    }

    private func commit(_ request: Request) throws -> Reply {
        let body = try request.decode(CommitBody.self)
        guard (1...100).contains(body.consumer.utf8.count) else {
            throw WireError.badRequest("COMMIT: 'consumer' has 1 to 100 bytes")
        }
        guard body.after <= head else {
            throw WireError(
                .ahead, "AHEAD", "the log ends at \(head), before \(body.after)",
                fields: ["head": .integer(Int64(clamping: head))])
        }
        try groups.commit(consumer: body.consumer, seq: body.after)
        return Reply { $0.field("head", head) }
    }

    // MARK: Shared work

    private struct ClaimBody: Decodable {
        var group: String
        var owner: String
        var max: Int?
        var max_bytes: Int?
        var lease_ms: Int64?
        var wait_ms: Int64?
        var create: GroupStore.Creation?
    }

    private func claim(_ request: Request, deadline: ContinuousClock.Instant?) throws -> Reply? {
        let body = try request.decode(ClaimBody.self)
        let lease = body.lease_ms ?? 60_000
        guard (1...100).contains(body.group.utf8.count), (1...100).contains(body.owner.utf8.count),
            (1...3_600_000).contains(lease), (body.max ?? 1) >= 1, (body.wait_ms ?? 0) >= 0
        else {
            throw WireError.badRequest(
                "CLAIM: 'group' and 'owner' have 1 to 100 bytes, 'lease_ms' is 1 to 3600000, 'max' at least 1")
        }
        let maximum = min(body.max ?? 20, Limit.records)
        let group = try groups.group(body.group, creation: body.create, head: head)
        let now = Clocks.bootMilliseconds()
        var slice = LogReader.Slice(next: group.high)
        try groups.update(group) { group in
            for seq in group.reclaim(owner: body.owner, maximum: maximum, leaseMilliseconds: lease, now: now) {
                if let record = try reader.record(seq) {
                    slice.records.append(record)
                } else {
                    group.bury(seq, reason: "retention")
                }
            }
            let rest = maximum - slice.records.count
            guard rest > 0 else { return }
            // What retention took before anybody claimed it: one letter says from where on.
            let low = try reader.low(head: head)
            if group.high + 1 < low {
                group.bury(group.high + 1, reason: "retention: \(group.high + 1) to \(low - 1)")
                group.advance(to: low - 1)
            }
            let fresh = try read(
                after: group.high, prefixes: group.topics,
                bounds: LogReader.Bounds(
                    records: rest, bytes: min(body.max_bytes ?? Limit.defaultBytes, Limit.bytes)))
            for record in fresh.records {
                group.claim(record.position.seq, owner: body.owner, leaseMilliseconds: lease, now: now)
            }
            group.advance(to: fresh.next)
            slice.records += fresh.records
        }
        slice.next = group.high
        let deadline = deadline ?? .now + .milliseconds(min(body.wait_ms ?? 0, Limit.waitMilliseconds))
        if slice.records.isEmpty, group.high >= head, deadline > .now {
            waiting.append(
                Waiting(request: request, deadline: deadline, prefixes: group.topics, isClaim: true))
            return nil
        }
        return try recordsReply(slice) { writer in
            writer.key("leases")
            writer.beginArray()
            for record in slice.records {
                let item = group.items[record.position.seq]
                writer.beginObject()
                writer.field("seq", record.position.seq)
                writer.field("attempt", item?.attempt ?? 1)
                writer.field("left_ms", (item?.due ?? now) - now)
                writer.endObject()
            }
            writer.endArray()
        }
    }

    private struct SettleBody: Decodable {
        var group: String
        var owner: String
        var seqs: [UInt64]?
        var lease_ms: Int64?
        var delay_ms: Int64?
        var reason: String?
    }

    private func settle(_ request: Request) throws -> Reply {
        let body = try request.decode(SettleBody.self)
        let group = try groups.group(body.group, creation: nil, head: head)
        let now = Clocks.bootMilliseconds()
        let lease = body.lease_ms ?? 60_000
        guard (1...3_600_000).contains(lease), (0...86_400_000).contains(body.delay_ms ?? 0) else {
            throw WireError.badRequest("'lease_ms' is 1 to 3600000, 'delay_ms' is 0 to 86400000")
        }
        guard let seqs = body.seqs ?? (request.command == "RELEASE" ? owned(by: body.owner, in: group) : nil) else {
            throw WireError.badRequest("\(request.command): the member 'seqs' is missing")
        }
        let result = try groups.update(group) { group in
            switch request.command {
            case "DONE": group.done(seqs, owner: body.owner)
            case "EXTEND": group.extend(seqs, owner: body.owner, leaseMilliseconds: lease, now: now)
            case "NACK":
                group.refuse(
                    seqs, owner: body.owner, delayMilliseconds: body.delay_ms ?? 0,
                    reason: String((body.reason ?? "refused").prefix(1000)), now: now)
            default: group.release(seqs, owner: body.owner, now: now)
            }
        }
        return Reply { writer in
            writer.key("done")
            writer.beginArray()
            for seq in result.done { writer.integer(seq) }
            writer.endArray()
            if request.command == "EXTEND" { writer.field("left_ms", lease) }
            writer.key("stale")
            writer.beginArray()
            for seq in result.stale { writer.integer(seq) }
            writer.endArray()
        }
    }

    private func owned(by owner: String, in group: WorkGroup) -> [UInt64] {
        group.items.filter { $0.value.owner == owner }.keys.sorted()
    }

    private struct GroupBody: Decodable {
        var group: String?
    }

    private func describeGroup(_ request: Request) throws -> Reply {
        guard let name = try request.decode(GroupBody.self).group else {
            return Reply { $0.field("groups", groups.groups.keys.sorted()) }
        }
        let group = try groups.group(name, creation: nil, head: head)
        return Reply { writer in
            writer.field("group", name)
            writer.field("topics", group.topics)
            writer.field("max_attempts", group.maxAttempts)
            writer.field("floor", group.floor)
            writer.field("high", group.high)
            writer.field("head", head)
            writer.field("inflight", group.items.count)
            writer.key("dead")
            writer.beginArray()
            for (seq, letter) in group.dead.sorted(by: { $0.key < $1.key }).prefix(1000) {
                writer.beginObject()
                writer.field("seq", seq)
                writer.field("reason", letter.reason)
                writer.field("attempts", letter.attempts)
                writer.endObject()
            }
            writer.endArray()
            writer.field("owners", Set(group.items.values.compactMap(\.owner)).sorted())
        }
    }
}
