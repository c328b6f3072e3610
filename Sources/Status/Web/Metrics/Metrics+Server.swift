import HTTP

extension Metrics {
    /// Adds what the server says of itself.
    static func add(_ server: Server, _ text: inout MetricsText) {
        text.add(.gauge, "dropwire_http_connections", "Connections that are open.", [], server.connectionCount)
        text.add(
            .counter, "dropwire_http_refused_connections_total",
            "Connections that were closed because there were too many, in all or from one address.", [],
            server.statistics.refusedConnections.value)
        text.add(
            .counter, "dropwire_http_limited_requests_total",
            "Requests that were refused because a client made too many.", [],
            server.statistics.limitedRequests.value)
        if let end = server.certificateEnd {
            text.add(
                .gauge, "dropwire_http_certificate_end_timestamp_seconds", "When the certificate of the page ends.", [],
                end)
        }
    }
}
