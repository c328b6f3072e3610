import Articles
import Linux

/// The command of whoever looks after shared work: GROUP.
extension LogDesk {
    private struct GroupBody: Decodable {
        enum Action: String, Decodable {
            case create, pause, resume, reset, delete
            case retryDead = "retry-dead"
            case discardDead = "discard-dead"
        }

        var group: String?
        var action: Action?
        /// Where `reset` begins again.
        var from: JSONValue?
        /// Which dead letters are meant; nil for all.
        var seqs: [UInt64]?
        var create: GroupStore.Creation?
        var deadAfter: UInt64?
        var deadMaximum: Int?
        var after: String?
        var maximum: Int?

        enum CodingKeys: String, CodingKey {
            case group, action, from, seqs, create, after
            case deadAfter = "dead_after"
            case deadMaximum = "dead_max"
            case maximum = "max"
        }
    }

    /// Dead letters of one answer, at most.
    private static let lettersAtOnce = 1000

    func administer(_ request: Request) throws -> Answer {
        let body = try request.decode(GroupBody.self)
        guard let name = body.group else {
            guard body.action == nil else { throw WireError.badRequest("GROUP: the member 'group' is missing") }
            return try list(request, body)
        }
        guard (0...LogDesk.lettersAtOnce).contains(body.deadMaximum ?? 0) else {
            throw WireError.badRequest("GROUP: 'dead_max' is 0 to \(LogDesk.lettersAtOnce)")
        }
        switch body.action {
        case .create: return try create(name, request, body)
        case .delete:
            let known = groups.groups[name]
            try known.map(groups.delete)
            stir(name)
            return answer(request) { writer in
                writer.field("deleted", name)
                writer.field("existed", known != nil)
            }
        default: break
        }
        let group = try groups.group(name)
        var letters: [UInt64]?
        switch body.action {
        case .pause: try groups.update(group) { $0.pause(true) }
        case .resume: try groups.update(group) { $0.pause(false) }
        case .reset:
            let start = try start(body.from, member: "from")
            try groups.update(group) { $0.reset(to: start) }
        case .retryDead:
            letters = try groups.update(group) { $0.retryDead(body.seqs, now: Clocks.bootMilliseconds()) }
        case .discardDead: letters = try groups.update(group) { $0.discardDead(body.seqs) }
        case nil, .create, .delete: break
        }
        if body.action != nil { stir(name) }
        return try describe(group, request, body) { writer in
            guard let letters, let action = body.action else { return }
            writer.key(text: action == .retryDead ? "retried" : "discarded")
            writer.integer(letters.count)
            guard let asked = body.seqs else { return }
            writer.array("missing", Set(asked).subtracting(letters).sorted())
        }
    }

    /// Reads where a group begins: `"end"` (also where nothing is said), `"first"`, after a sequence number, or at a time.
    func start(_ from: JSONValue?, member: String) throws -> UInt64 {
        switch from {
        case nil, .string("end"): return head
        case .string("first"): return try reader.low(head: head) - 1
        case .integer(let seq) where seq >= 0 && UInt64(seq) <= head: return UInt64(seq)
        case .object where from?["time_ms"]?.integerValue != nil:
            return try min(head, reader.firstSeq(at: from?["time_ms"]?.integerValue ?? 0).map { $0 - 1 } ?? head)
        default:
            throw WireError.badRequest(
                "\(member) is \"end\", \"first\", a sequence number up to \(head), or {\"time_ms\": n}")
        }
    }

    private func create(_ name: String, _ request: Request, _ body: GroupBody) throws -> Answer {
        guard (1...100).contains(name.utf8.count) else {
            throw WireError.badRequest("GROUP: 'group' has 1 to 100 bytes")
        }
        let known = groups.groups[name]
        let creation = body.create ?? GroupStore.Creation(topics: nil, from: nil, maxAttempts: nil)
        let group =
            try known ?? groups.makeGroup(name, creation, after: start(creation.from, member: "create.from"))
        return try describe(group, request, body) { $0.field("created", known == nil) }
    }

    private func list(_ request: Request, _ body: GroupBody) throws -> Answer {
        let low = try reader.low(head: head)
        let now = Clocks.wallMilliseconds()
        let (names, next) = try page(of: groups.groups.keys, after: body.after, maximum: body.maximum, "GROUP")
        let standings = try names.compactMap { groups.groups[$0] }.map { try standing(of: $0, low: low, now: now) }
        return answer(request) { writer in
            writer.field("low", low)
            writer.field("head", head)
            writer.key("groups")
            writer.beginArray()
            for standing in standings { standing.write(to: &writer) }
            writer.endArray()
            writer.field("next", next)
        }
    }

    private func describe(
        _ group: WorkGroup, _ request: Request, _ body: GroupBody, _ more: (inout JSONWriter) -> Void
    ) throws -> Answer {
        let low = try reader.low(head: head)
        let standing = try standing(of: group, low: low, now: Clocks.wallMilliseconds())
        let behind = group.dead.keys.filter { $0 > body.deadAfter ?? 0 }.sorted()
        let limit = body.deadMaximum ?? LogDesk.lettersAtOnce
        return answer(request) { writer in
            standing.writeMembers(to: &writer)
            writer.array("topics", group.topics)
            writer.field("max_attempts", group.maxAttempts)
            writer.field("low", low)
            writer.field("head", head)
            writer.key("dead")
            writer.beginArray()
            for seq in behind.prefix(limit) {
                guard let letter = group.dead[seq] else { continue }
                writer.beginObject()
                writer.field("seq", seq)
                writer.field("reason", letter.reason)
                writer.field("attempts", letter.attempts)
                writer.endObject()
            }
            writer.endArray()
            if behind.count > limit, limit > 0 { writer.field("dead_next", behind[limit - 1]) }
            writer.array("owners", Array(group.owners.prefix(1000)))
            more(&writer)
        }
    }
}
