import HTTP

extension Site {
    /// `/api/v1/events`: what happens, as it happens.
    func eventStream(_ request: HTTP.Request, _: String) throws -> Response {
        let filter = try EventFilter(request)
        // What has no body has no events.
        guard request.method == "GET" else { return Response(contentType: "text/event-stream", body: []) }
        // A browser says by itself what it had last. An id that is none is one that is too old: who got an error would not
        // come back.
        let last = request.header("Last-Event-ID") ?? request.query("last_event_id")
        return .events(try events.join(filter, from: last.flatMap { EventPosition($0) }))
    }
}
