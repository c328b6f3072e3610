import Articles
import Linux
import Telemetry

/// The commands of those who share work: CLAIM, DONE, EXTEND, NACK, RELEASE.
extension LogDesk {
    // MARK: CLAIM

    /// The json of CLAIM.
    struct ClaimBody: PlainDecodable {
        var group: String
        var owner: String
        var maximum: Int?
        var maximumBytes: Int?
        var leaseMilliseconds: Int64?
        var waitMilliseconds: Int64?
        var create: GroupStore.Creation?

        enum CodingKeys: String, CodingKey {
            case group, owner, create
            case maximum = "max"
            case maximumBytes = "max_bytes"
            case leaseMilliseconds = "lease_ms"
            case waitMilliseconds = "wait_ms"
        }

        init?(plain reader: inout PlainReader) {
            (group, owner) = ("", "")
            var (name, holder) = (String?.none, String?.none)
            let isRead = reader.object { reader in
                if reader.isNamed("group") { return reader.string(into: &name) }
                if reader.isNamed("owner") { return reader.string(into: &holder) }
                if reader.isNamed("max") { return reader.integer(into: &maximum) }
                if reader.isNamed("max_bytes") { return reader.integer(into: &maximumBytes) }
                if reader.isNamed("lease_ms") { return reader.integer(into: &leaseMilliseconds) }
                if reader.isNamed("wait_ms") { return reader.integer(into: &waitMilliseconds) }
                guard reader.isNamed("create") else { return false }
                create = GroupStore.Creation(plain: &reader)
                return create != nil
            }
            guard isRead, let name, let holder else { return nil }
            (group, owner) = (name, holder)
        }
    }

    func claim(_ request: Request) throws -> Answer? {
        let body = try request.decode(ClaimBody.self)
        guard (1...100).contains(body.group.utf8.count), (1...100).contains(body.owner.utf8.count),
            (1...3_600_000).contains(body.leaseMilliseconds ?? 1), (body.maximum ?? 1) >= 1,
            (body.maximumBytes ?? 1) >= 1, (body.waitMilliseconds ?? 0) >= 0
        else {
            throw WireError.badRequest(
                "CLAIM: 'group' and 'owner' have 1 to 100 bytes, 'lease_ms' is 1 to 3600000, 'max' and 'max_bytes' are "
                    + "at least 1, 'wait_ms' at least 0")
        }
        return try claim(request, body, deadline: deadline(waitMilliseconds: body.waitMilliseconds))
    }

    func claim(_ request: Request, _ body: ClaimBody, deadline: ContinuousClock.Instant) throws -> Answer? {
        let group: WorkGroup
        if let creation = body.create, groups.groups[body.group] == nil {
            group = try groups.makeGroup(body.group, creation, after: start(creation.from, member: "create.from"))
        } else {
            group = try groups.group(body.group)
        }
        group.seen = Clocks.wallMilliseconds()
        let now = Clocks.bootMilliseconds()
        let (records, given) = try groups.update(group) { group in try give(body, group, now) }
        if records.isEmpty, group.isPaused || group.high >= head, deadline > .now {
            wait(request, .claim(body), filter: TopicFilter(group.topics), until: deadline)
            return nil
        }
        var slice = LogReader.Slice(next: min(group.high, head))
        slice.records = records.sorted { $0.position.seq < $1.position.seq }
        var answer = try answer(request, slice) { writer in
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
        answer.given = (body.group, body.owner, given)
        return answer
    }

    /// Gives records to an owner: what it holds already, what is due again, what is new.
    ///
    /// - Returns: the records, and which of them are newly leased.
    private func give(_ body: ClaimBody, _ group: WorkGroup, _ now: Int64) throws -> (
        records: [LogRecord], given: [UInt64]
    ) {
        var records: [LogRecord] = []
        var given: [UInt64] = []
        guard !group.isPaused else { return (records, given) }
        let lease = body.leaseMilliseconds ?? 60_000
        let maximum = min(body.maximum ?? 20, Limit.records)
        let maximumBytes = min(body.maximumBytes ?? Limit.defaultBytes, Limit.bytes)
        var bytes = 0
        for seq in group.candidates(for: body.owner, now: now) {
            guard records.count < maximum else { return (records, given) }
            guard let record = try reader.record(seq) else {
                group.bury(seq, reason: "retention")
                continue
            }
            if !records.isEmpty, bytes + record.bytes.count > maximumBytes { return (records, given) }
            bytes += record.bytes.count
            records.append(record)
            let isNew = group.items[seq].map { $0.owner != body.owner || $0.due <= now } ?? true
            if isNew { given.append(seq) }
            group.give(seq, to: body.owner, leaseMilliseconds: lease, now: now)
        }
        guard records.count < maximum, bytes < maximumBytes else { return (records, given) }
        try buryLost(group)
        let fresh = try read(
            after: group.high, filter: TopicFilter(group.topics),
            bounds: LogReader.Bounds(records: maximum - records.count, bytes: maximumBytes - bytes))
        for record in fresh.records {
            group.give(record.position.seq, to: body.owner, leaseMilliseconds: lease, now: now)
            given.append(record.position.seq)
        }
        group.advance(to: fresh.next)
        return (records + fresh.records, given)
    }

    /// What retention took before anybody claimed it: one letter stands for all of it.
    private func buryLost(_ group: WorkGroup) throws {
        let low = try low()
        guard group.high + 1 < low else { return }
        logger.error(
            .groupLostRecords,
            [.group: group.name, .firstLost: "\(group.high + 1)", .lastLost: "\(low - 1)"])
        group.bury(group.high + 1, reason: "retention")
        group.advance(to: low - 1)
    }

    /// Gives back what an answer leased that could not be delivered: its peer is gone, or does not read.
    func takeBack(_ answer: Answer) {
        guard let given = answer.given, !given.seqs.isEmpty, let group = groups.groups[given.group] else { return }
        do {
            _ = try groups.update(group) {
                $0.release(given.seqs, owner: given.owner, now: Clocks.bootMilliseconds())
            }
        } catch {
            // They come again when their leases end.
            logger.warning("Undelivered leases could not be given back.", [.group: given.group, .error: "\(error)"])
        }
    }

    // MARK: DONE, EXTEND, NACK, RELEASE

    private struct SettleBody: PlainDecodable {
        var group: String
        var owner: String
        var seqs: [UInt64]?
        var leaseMilliseconds: Int64?
        var delayMilliseconds: Int64?
        var reason: String?

        enum CodingKeys: String, CodingKey {
            case group, owner, seqs, reason
            case leaseMilliseconds = "lease_ms"
            case delayMilliseconds = "delay_ms"
        }

        init?(plain reader: inout PlainReader) {
            (group, owner) = ("", "")
            var (name, holder) = (String?.none, String?.none)
            let isRead = reader.object { reader in
                if reader.isNamed("group") { return reader.string(into: &name) }
                if reader.isNamed("owner") { return reader.string(into: &holder) }
                if reader.isNamed("seqs") { return reader.integers(into: &seqs) }
                if reader.isNamed("lease_ms") { return reader.integer(into: &leaseMilliseconds) }
                if reader.isNamed("delay_ms") { return reader.integer(into: &delayMilliseconds) }
                return reader.isNamed("reason") && reader.string(into: &reason)
            }
            guard isRead, let name, let holder else { return nil }
            (group, owner) = (name, holder)
        }
    }

    func settle(_ request: Request) throws -> Answer {
        let body = try request.decode(SettleBody.self)
        let group = try groups.group(body.group)
        let now = Clocks.bootMilliseconds()
        let lease = body.leaseMilliseconds ?? 60_000
        guard (1...3_600_000).contains(lease), (0...86_400_000).contains(body.delayMilliseconds ?? 0) else {
            throw WireError.badRequest("'lease_ms' is 1 to 3600000, 'delay_ms' is 0 to 86400000")
        }
        guard let seqs = body.seqs ?? (request.command == "RELEASE" ? group.held(by: body.owner) : nil) else {
            throw WireError.badRequest("\(request.command): the member 'seqs' is missing")
        }
        group.seen = Clocks.wallMilliseconds()
        let result = try groups.update(group) { group in
            switch request.command {
            case "DONE": group.done(seqs, owner: body.owner)
            case "EXTEND": group.extend(seqs, owner: body.owner, leaseMilliseconds: lease, now: now)
            case "NACK":
                group.refuse(
                    seqs, owner: body.owner, delayMilliseconds: body.delayMilliseconds ?? 0,
                    reason: String((body.reason ?? "refused").prefix(1000)), now: now)
            default: group.release(seqs, owner: body.owner, now: now)
            }
        }
        return answer(request) { writer in
            writer.array("done", result.done)
            if request.command == "EXTEND" { writer.field("left_ms", lease) }
            writer.array("stale", result.stale)
        }
    }
}
