import Articles
import HTTP
import Messaging
import Telemetry

extension Site {
    /// The logs with who reads them.
    static let groupRoutes: [Route] = [
        .get("/api/v1/consumers", Site.consumers),
        .get("/api/v1/groups", Site.groups),
        .get("/api/v1/groups/{name}", Site.group).adding("POST", Site.changeGroup),
        .get("/groups/{name}", Site.groupPage).adding("POST", Site.changeGroup),
    ]

    /// `/api/v1/consumers`: the logs of live processes with the consumers of each.
    func consumers(_ request: HTTP.Request, _: String) -> Response {
        logs { writer, standing in writer.array("consumers", standing.consumers) { $1.write(to: &$0) } }
    }

    /// `/api/v1/groups`: the logs of live processes with the groups of each.
    func groups(_ request: HTTP.Request, _: String) -> Response {
        logs { writer, standing in writer.array("groups", standing.groups) { $1.write(to: &$0) } }
    }

    /// The logs of live processes, each with the readers that `write` adds, and how many of them are not listed.
    private func logs(_ write: (inout JSONWriter, LogStanding) -> Void) -> Response {
        .json(
            Reply { writer in
                writer.array("streams", ServedLog.all(of: board.processes())) { writer, log in
                    writer.beginObject()
                    log.writeMembers(to: &writer)
                    write(&writer, log.standing)
                    writer.field("others", log.standing.others)
                    writer.endObject()
                }
            }.json)
    }

    /// `/api/v1/groups/{name}`: a group with its dead letters, of which each has its article where that is known.
    func group(_ request: HTTP.Request, _ name: String) throws -> Response {
        let shown = try shownGroup(name, request, limit: 1000)
        var members = shown.reply
        if case .object(var object) = members {
            object["stream"] = .string(shown.log.standing.name)
            object["log"] = .string(shown.log.standing.stream.description)
            object["dead"] = .array(shown.letters.map(\.json))
            members = .object(object)
        }
        var writer = JSONWriter()
        members.write(to: &writer)
        return .json(writer.bytes)
    }

    /// `/groups/{name}`: the same as a page, with what can be done.
    func groupPage(_ request: HTTP.Request, _ name: String) throws -> Response {
        do {
            let shown = try shownGroup(name, request, limit: GroupPage.letters)
            return html(GroupPage.render(shown, name: name, token: formToken(for: request.path, request)))
        } catch let problem as Problem {
            return html(GroupPage.problem(problem.detail, name: name), status: problem.status)
        }
    }

    private func shownGroup(_ name: String, _ request: HTTP.Request, limit: Int) throws -> ShownGroup {
        // As large as a number is that every reader of JSON has (RFC 7493).
        let after = try request.number("dead_after", in: UInt64(0)...9_007_199_254_740_991)
        let log = try groupDesk.log(request.query("stream") ?? "articles")
        let reply = try groupDesk.ask(log) { writer in
            writer.field("group", name)
            writer.field("dead_after", after)
            writer.field("dead_max", limit)
        }
        let seqs = (reply["dead"]?.arrayValue ?? []).compactMap { $0["seq"]?.integerValue.map { UInt64(clamping: $0) } }
        let articles = try store.read { reader in
            try reader.articles(stream: log.standing.stream, seqs: seqs)
        }
        return ShownGroup(log: log, reply: reply, articles: articles)
    }

    /// POST to `/api/v1/groups/{name}` and `/groups/{name}`: changes a group as it is asked to.
    func changeGroup(_ request: HTTP.Request, _ name: String) throws -> Response {
        let change = try GroupChange(request)
        let log = try groupDesk.log(change.stream)
        let reply = try groupDesk.ask(log) { writer in
            writer.field("group", name)
            writer.field("action", change.action)
            writer.field("dead_max", 0)
            if let seqs = change.seqs { writer.array("seqs", seqs) }
        }
        logger.notice(
            "A group was changed from the page or the API.",
            [.group: name, .action: change.action, .from: request.clientAddress])
        guard change.isForm else {
            var writer = JSONWriter()
            reply.write(to: &writer)
            return .json(writer.bytes)
        }
        return Site.redirect(to: GroupPage.path(name, stream: log.standing.stream.description))
    }
}
