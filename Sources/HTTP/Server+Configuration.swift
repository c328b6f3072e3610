extension Server {
    /// Where a server listens, and its limits.
    package struct Configuration: Sendable {
        /// Where it listens; at least one.
        package var listeners: [Endpoint] = [.tcp(address: "127.0.0.1", port: 0)]
        /// What the listeners with TLS show; read when the server starts, and by ``Server/reloadCertificate()``.
        package var certificate: CertificateFiles?
        /// Connections at a time; a further one waits in the kernel's queue until one of them is gone.
        package var connectionLimit = 256
        /// Connections at a time from one address (a network of 64 bits in IPv6), 0 for no limit; a further one is
        /// closed.
        package var connectionLimitPerAddress = 0
        /// How many of `connectionLimit` only clients on this machine get; others are closed when the rest is
        /// taken. Less than `connectionLimit`.
        package var connectionsKeptForLocal = 0
        /// How many requests a client may make; a further one is answered with 429. nil is without limit.
        package var rateLimit: RateLimit.Configuration?
        /// From where clients are limited neither in connections nor in requests each, such as proxies, which bring those
        /// of many; nor are those on sockets of the file system.
        package var unlimited: [AddressRange] = []
        /// After so much time without progress a connection is closed; whole seconds.
        package var timeout = Duration.seconds(30)
        /// The time that the head of a request may take in all, from the connection's begin or the reply before.
        package var headTimeout = Duration.seconds(30)
        /// The time that the body of a request may take in all.
        package var bodyTimeout = Duration.seconds(60)
        /// The time that a client may take for a reply in all; event streams have no end.
        package var replyTimeout = Duration.seconds(300)
        /// After so much silence an event stream sends a comment, by which a client that is gone is found out.
        package var eventStreamHeartbeat = Duration.seconds(15)
        /// The longest body that is taken; a longer one is answered with 413.
        package var maximumBodyBytes = 1 << 20
        /// Memory for a connection, which bounds the head of a request; a longer one is answered with 4xx.
        package var memoryPerConnection = 32 << 10
        /// Makes the answer to what is refused before the handler is asked, of a status and a sentence.
        package var refusal: @Sendable (_ status: Int, _ sentence: String) -> Response = { status, sentence in
            .text(sentence + "\n", status: status)
        }
        /// The number of threads that serve, without and with TLS each.
        package var threads = 1

        package init() {}
    }
}
