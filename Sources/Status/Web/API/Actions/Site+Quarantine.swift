import Articles
import HTTP
import Messaging
import Telemetry

extension Site {
    /// What lies in quarantine, and the ways out of it.
    static let quarantineRoutes: [Route] = [
        .get("/api/v1/quarantine", Site.quarantine).adding("POST", Site.changeQuarantine)
    ]

    /// The most portions of all that a watcher is asked for in one request.
    private static let portions = 10

    /// `/api/v1/quarantine`: what lies in quarantine, the last first.
    func quarantine(_ request: HTTP.Request, _: String) throws -> Response {
        let limit = try request.number("limit", in: 1...1000) ?? 100
        let place = try request.cursor { StoreReader.QuarantinePlace($0) }
        let (count, files) = try store.read { reader in
            (try reader.quarantineCount(), try reader.quarantine(after: place, limit: limit + 1))
        }
        let shown = files.prefix(limit)
        return ListReply(next: files.count > limit ? shown.last?.place.text : nil).response(to: request) { writer in
            writer.field("count", count)
            writer.array("files", shown) { writer, file in
                writer.raw(
                    StatusSnapshot.Quarantined(
                        timeMilliseconds: file.place.time, stream: file.stream, record: file.record
                    ).json)
            }
        }
    }

    /// POST to `/api/v1/quarantine`: drops files again, or discards them. Their watchers do it.
    func changeQuarantine(_ request: HTTP.Request, _: String) throws -> Response {
        let change = try QuarantineChange(request)
        var outcome = QuarantineOutcome()
        switch change.scope {
        case .files(let files):
            for file in files { try ask(file, change.action, &outcome, isOnly: files.count == 1) }
        case .all(let code, let source):
            for stream in board.watcherStreams {
                try askAll(of: stream, change.action, code, source, &outcome)
            }
        }
        logger.notice(
            "Files in quarantine were changed from the page or the API.",
            [
                .action: change.action.rawValue, .count: "\(outcome.done.count)",
                .failed: "\(outcome.missing.count + outcome.failed.count)", .from: request.clientAddress,
            ])
        guard change.isForm else { return .json(outcome.json) }
        return Site.redirect(to: "/quarantine")
    }

    private func ask(
        _ file: QuarantineChange.File, _ action: QuarantineChange.Action, _ outcome: inout QuarantineOutcome,
        isOnly: Bool
    ) throws {
        let json = Messaging.Reply { writer in
            writer.field("action", action.rawValue)
            writer.array("names", [file.path]) { $0.string($1) }
            writer.field("directory", file.directory)
        }.json
        do throws(Problem) {
            let reply = try watchers.ask(
                "QUARANTINE", watcher: file.watcher, stream: file.stream, directory: file.directory, json: json)
            outcome.add((try? JSONValue(json: reply.json)) ?? .null, action)
        } catch {
            // With one file there is nothing else to tell.
            guard !isOnly else { throw error }
            outcome.failed.append("\(file.path): \(error.detail)")
        }
    }

    private func askAll(
        of stream: StreamID, _ action: QuarantineChange.Action, _ code: String?, _ source: String?,
        _ outcome: inout QuarantineOutcome
    ) throws(Problem) {
        var after: String?
        for _ in 0..<Site.portions {
            let json = Messaging.Reply { writer in
                writer.field("action", action.rawValue)
                writer.field("all", true)
                writer.field("code", code)
                writer.field("source", source)
                writer.field("after", after)
            }.json
            let reply = try watchers.ask("QUARANTINE", stream: stream, directory: nil, json: json)
            let answer = (try? JSONValue(json: reply.json)) ?? .null
            outcome.add(answer, action)
            after = answer["next"]?.stringValue
            guard after != nil else { return }
        }
        outcome.hasMore = true
    }
}

extension StatusBoard {
    /// The streams of live watchers.
    var watcherStreams: [StreamID] {
        processes().filter { $0.isAlive && $0.heartbeat.kind == "watch" }.compactMap {
            $0.heartbeat.streams.first?.stream
        }
    }
}
