import Articles
import Messaging
import SQLite
import Telemetry

/// The commands of the `report` socket. It belongs to the service's thread.
final class ReportDesk {
    let forwarder: WatcherForwarder
    private let store: ResultStore
    private let reader: StoreReader
    private let board: StatusBoard
    private let clerk: FailureClerk

    init(store: ResultStore, board: StatusBoard, forwarder: WatcherForwarder, clerk: FailureClerk) {
        self.store = store
        self.board = board
        self.forwarder = forwarder
        self.clerk = clerk
        reader = StoreReader(connection: store.connection)
    }

    private struct ReportBody: Decodable {
        var producer: String
        var kind: String
        var count: Int
    }

    /// The command is done within the store's transaction, by ``write(_:)``.
    static func writes(_ request: Request) -> Bool { ["REPORT", "FAILURES"].contains(request.command) }

    /// Does a command that may change the store, within its transaction; the answer goes out after the commit.
    ///
    /// - Throws: what the store throws. What is wrong with the request is in the answer.
    func write(_ request: Request) throws -> Result<Reply, WireError> {
        request.command == "REPORT" ? try report(request) : try clerk.answer(request)
    }

    /// Stores the results of a REPORT within the store's transaction; the answer goes out after the commit.
    ///
    /// - Throws: what the store throws. What is wrong with the request is in the answer.
    private func report(_ request: Request) throws -> Result<Reply, WireError> {
        let body: ReportBody
        do { body = try check(request) } catch { return .failure(error) }
        guard try store.takes(kind: body.kind) else {
            return .failure(
                .badRequest("REPORT: there are results of \(ResultStore.maximumKinds) kinds already"))
        }
        var stored = 0
        var duplicate = 0
        var rejected: [(index: Int, why: ReportedResult.Rejection)] = []
        for (index, frame) in request.payload.enumerated() {
            do {
                let result = try ReportedResult(frame, kind: body.kind)
                let storing = try store.store(result)
                switch storing {
                case .stored: stored += 1
                case .duplicate: duplicate += 1
                }
                try store.grant(result, storing)
            } catch let why as ReportedResult.Rejection {
                rejected.append((index, why))
            }
        }
        return .success(
            Reply { [store] writer in
                writer.field("store", store.log.stream.description)
                writer.field("stored", stored)
                writer.field("duplicate", duplicate)
                writer.array("rejected", rejected) { writer, rejection in
                    writer.beginObject()
                    writer.field("i", rejection.index)
                    writer.field("code", rejection.why.code)
                    writer.field("msg", rejection.why.message)
                    writer.endObject()
                }
            })
    }

    private func check(_ request: Request) throws(WireError) -> ReportBody {
        let body = try request.decode(ReportBody.self)
        guard Topic.isPart(body.kind) else {
            throw .badRequest("REPORT: 'kind' is 1 to 40 of a-z 0-9 . _ -")
        }
        guard request.payload.count <= StatusService.maximumResults else {
            throw WireError(
                .tooLarge, "TOO_LARGE", "a REPORT has at most \(StatusService.maximumResults) results")
        }
        guard request.payload.reduce(0, { $0 + $1.count }) <= StatusService.maximumReportBytes else {
            throw WireError(
                .tooLarge, "TOO_LARGE", "the results of a REPORT have at most \(StatusService.maximumReportBytes) bytes"
            )
        }
        guard body.count == request.payload.count else {
            throw .badRequest("REPORT: 'count' is \(body.count), and \(request.payload.count) results came")
        }
        return body
    }

    /// Answers every other command; nil where the answer comes later.
    func answer(_ request: Request, _ logger: Logger) throws -> Result<Reply, WireError>? {
        if WatcherForwarder.commands.contains(request.command) {
            do throws(WireError) { try forwarder.forward(request) } catch { return .failure(error) }
            return nil
        }
        return CommandServer.answer(
            request,
            [
                "HEARTBEAT": heartbeat, "PROCESSES": processes, "STREAMS": streams, "SUMMARY": summary, "WHY": why,
                "STATUS": status,
                // Named so that they stand in the list of an unknown command's answer.
                "REPORT": { _ in Reply() }, "FAILURES": { _ in Reply() }, "QUARANTINE": { _ in Reply() },
                "FILE": { _ in Reply() },
            ], logger)
    }

    private func heartbeat(_ request: Request) throws -> Reply {
        let heartbeat = try request.decode(Heartbeat.self)
        guard (1...80).contains(heartbeat.name.utf8.count), (1...80).contains(heartbeat.kind.utf8.count),
            heartbeat.host.utf8.count <= 255
        else { throw WireError.badRequest("HEARTBEAT: 'name' and 'kind' have 1 to 80 bytes, 'host' at most 255") }
        board.note(heartbeat)
        let wishes = try clerk.wishes(for: heartbeat)
        return Reply { [store] writer in
            writer.field("store", store.log.stream.description)
            if !wishes.isEmpty { writer.array("wishes", wishes) { $1.write(to: &$0) } }
        }
    }

    private func processes(_ request: Request) -> Reply { Reply { $0.processes(board.processes()) } }

    private func streams(_ request: Request) -> Reply {
        Reply { writer in
            writer.array("streams", board.processes()) { writer, process in
                writer.beginObject()
                writer.field("name", process.heartbeat.name)
                writer.field("kind", process.heartbeat.kind)
                writer.field("host", process.heartbeat.host)
                writer.field("stream", ServedStreams.Entry(process.heartbeat).stream?.description)
                writer.field("age_ms", milliseconds(process.age))
                writer.object("endpoints") { writer in
                    for (name, addresses) in process.heartbeat.endpoints.sorted(by: { $0.key < $1.key }) {
                        writer.key(text: name)
                        writer.beginArray()
                        for address in addresses { writer.string(address) }
                        writer.endArray()
                    }
                }
                writer.endObject()
            }
        }
    }

    private func summary(_ request: Request) throws -> Reply {
        let totals = try reader.totals()
        let cursors = try reader.cursors()
        return Reply { $0.summary(totals, cursors) }
    }

    /// What the page shows: one document for it, the API and the tools.
    private func status(_ request: Request) throws -> Reply { Reply(json: try StatusSnapshot(reader, board).json) }

    private struct WhyBody: Decodable {
        var what: String
        /// Of whom `what` is an article's uri; nil where it is a path or an id.
        var source: String?
    }

    private func why(_ request: Request) throws -> Reply {
        let body = try request.decode(WhyBody.self)
        var writer = JSONWriter()
        writer.beginObject()
        if let source = body.source {
            try writer.journey(of: try reader.articles(source: source, uri: body.what), reader)
        } else {
            try writer.journey(of: body.what, reader)
        }
        writer.endObject()
        return Reply(json: writer.bytes)
    }
}
