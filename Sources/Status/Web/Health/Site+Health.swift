import Articles
import HTTP
import Messaging
import Synchronization
import Telemetry

extension Site {
    /// What watches the service.
    static let healthRoutes: [Route] = [
        .get("/healthz", for: .open, Site.health),
        .get("/readyz", for: .open, Site.readiness),
        .get("/metrics", Site.metrics),
    ]

    /// `/healthz`: the service lives, its store works, and whatever waits anywhere moves.
    func health(_ request: HTTP.Request, _: String) throws -> Response {
        let reasons = board.illnesses().map(\.text)
        guard reasons.isEmpty else { throw ailing("Something waits and does not move.", reasons, request) }
        // A store that cannot be read is as good as gone.
        _ = try store.read { try $0.totals() }
        return .json(Array(#"{"status":"ok"}"#.utf8))
    }

    /// `/readyz`: the service takes reports and answers from its store; what others do is not its matter.
    func readiness(_ request: HTTP.Request, _: String) throws -> Response {
        var reasons: [String] = []
        if board.endpoints["report"]?.isEmpty ?? true { reasons.append("The socket for reports is not bound yet.") }
        do { _ = try store.read { try $0.totals() } } catch {
            logger.error("The store could not be read.", [.error: "\(error)"])
            reasons.append("The store cannot be read.")
        }
        guard reasons.isEmpty else { throw ailing("The service does not serve yet.", reasons, request) }
        return .json(Array(#"{"status":"ready"}"#.utf8))
    }

    /// The reasons name processes and files: they are for those who may see them.
    private func ailing(_ summary: String, _ reasons: [String], _ request: HTTP.Request) -> Problem {
        guard mayRead(request) else { return Problem(status: 503, detail: summary) }
        return Problem(
            status: 503, detail: reasons.joined(separator: "; "),
            fields: ["reasons": .array(reasons.map { .string($0) })])
    }

    private func mayRead(_ request: HTTP.Request) -> Bool {
        (try? doorkeeper.caller(of: request)).map { $0.role >= .read } ?? false
    }

    /// `/metrics`: the numbers of the moment as Prometheus reads them.
    func metrics(_ request: HTTP.Request, _: String) throws -> Response {
        let (totals, quarantined, failures) = try store.read { reader in
            (try reader.totals(), try reader.quarantineCount(), try reader.failureCounts())
        }
        var metrics = Metrics(board.processes())
        metrics.add(board)
        metrics.add(totals, quarantined: quarantined)
        metrics.add(failures: failures)
        metrics.add(board.sources(), counts: board.sourceArrivals)
        metrics.add(board.storage)
        metrics.adding { text in
            statistics.write(to: &text)
            text.add(
                .counter, "dropwire_http_refused_tokens_total", "Tokens that were shown and are none.", [],
                doorkeeper.refusals.value)
            text.add(.gauge, "dropwire_event_stream_clients", "Clients that follow the events.", [], events.clientCount)
            server.withLock { $0 }.map { Metrics.add($0, &text) }
        }
        return Response(contentType: MetricsText.contentType, body: metrics.bytes)
    }
}
