import Articles
import Linux

/// The commands of those who keep their own place: COMMIT, CONSUMER.
extension LogDesk {
    private struct CommitBody: Decodable {
        var consumer: String
        var after: UInt64
    }

    func commit(_ request: Request) throws -> Answer {
        let body = try request.decode(CommitBody.self)
        guard (1...100).contains(body.consumer.utf8.count) else {
            throw WireError.badRequest("COMMIT: 'consumer' has 1 to 100 bytes")
        }
        guard body.after <= head else { throw WireError.ahead(body.after, head: head) }
        try groups.commit(
            consumer: body.consumer, GroupStore.Place(seq: body.after, seen: Clocks.wallMilliseconds()))
        return answer(request) { $0.field("head", head) }
    }

    private struct ConsumerBody: Decodable {
        enum Action: String, Decodable { case forget }

        var consumer: String?
        var action: Action?
        var after: String?
        var maximum: Int?

        enum CodingKeys: String, CodingKey {
            case consumer, action, after
            case maximum = "max"
        }
    }

    /// Names of one list, at most.
    static let namesAtOnce = 1000

    func consumer(_ request: Request) throws -> Answer {
        let body = try request.decode(ConsumerBody.self)
        let low = try reader.low(head: head)
        guard let name = body.consumer else {
            guard body.action == nil else { throw WireError.badRequest("CONSUMER: the member 'consumer' is missing") }
            return try list(request, body, low: low)
        }
        switch body.action {
        case .forget:
            let existed = try groups.forget(consumer: name)
            return answer(request) { writer in
                writer.field("forgotten", name)
                writer.field("existed", existed)
            }
        case nil:
            guard let place = groups.consumers[name] else {
                throw WireError(.notFound, "UNKNOWN_CONSUMER", "no consumer '\(name)' has committed a place here")
            }
            let standing = try standing(of: name, place, low: low, now: Clocks.wallMilliseconds())
            return answer(request) { writer in
                writer.field("low", low)
                writer.field("head", head)
                standing.writeMembers(to: &writer)
            }
        }
    }

    private func list(_ request: Request, _ body: ConsumerBody, low: UInt64) throws -> Answer {
        let (names, next) = try page(of: groups.consumers.keys, after: body.after, maximum: body.maximum, "CONSUMER")
        let now = Clocks.wallMilliseconds()
        let standings = try names.map { name in
            try standing(of: name, groups.consumers[name] ?? GroupStore.Place(seq: 0, seen: 0), low: low, now: now)
        }
        return answer(request) { writer in
            writer.field("low", low)
            writer.field("head", head)
            writer.key("consumers")
            writer.beginArray()
            for standing in standings { standing.write(to: &writer) }
            writer.endArray()
            writer.field("next", next)
        }
    }

    /// Names behind `after`, in their order, and the one to ask with for more.
    func page(
        of names: some Sequence<String>, after: String?, maximum: Int?, _ command: String
    ) throws(WireError) -> (names: [String], next: String?) {
        guard (maximum ?? 1) >= 1 else { throw .badRequest("\(command): 'max' is at least 1") }
        let limit = min(maximum ?? LogDesk.namesAtOnce, LogDesk.namesAtOnce)
        let rest = names.filter { name in after.map { $0 < name } ?? true }.sorted()
        return (Array(rest.prefix(limit)), rest.count > limit ? rest[limit - 1] : nil)
    }
}
