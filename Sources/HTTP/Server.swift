import Synchronization

/// An HTTP/1.1 server: libmicrohttpd on threads of its own. It has no routes and no files; a handler answers all.
///
/// The handler is called once for each complete request, on one of the server's threads, several of them at a time
/// where there are several; while it runs, the other connections of its thread wait.
package final class Server: Sendable {
    /// Answers one request.
    package typealias Handler = @Sendable (Request) -> Response

    /// Where the server listens, in the order of the configuration, with the real ports.
    package let endpoints: [Endpoint]
    let context: ServerContext
    private let acceptor: Acceptor
    private let workers: [Worker]
    let identity: IdentityBox?
    private let isStopped = Mutex(false)

    /// Starts to serve; returns when connections are accepted.
    package init(configuration: Configuration = Configuration(), handler: @escaping Handler) throws(ServerError) {
        precondition(!configuration.listeners.isEmpty && configuration.threads > 0, "a server that cannot serve")
        let context = ServerContext(configuration: configuration, bell: try Bell(), handler: handler)
        var listeners: [Listener] = []
        var workers: [Worker] = []
        let identity = try Server.identity(configuration)
        do throws(ServerError) {
            for endpoint in configuration.listeners { listeners.append(try Listener(endpoint)) }
            for isSecure in Set(configuration.listeners.map(\.isSecure)) {
                for _ in 0..<configuration.threads {
                    workers.append(try Worker(identity: isSecure ? identity : nil, context: context))
                }
            }
            let acceptor = Acceptor(listeners: listeners, workers: workers, context: context)
            try acceptor.start()
            self.acceptor = acceptor
        } catch {
            for worker in workers { worker.stop() }
            for listener in listeners { listener.close() }
            throw error
        }
        self.context = context
        self.workers = workers
        self.identity = identity
        endpoints = listeners.map(\.endpoint)
    }

    deinit {
        stop()
    }

    /// The port of the first TCP listener; 0 where there is none.
    package var port: UInt16 { endpoints.map(\.port).first { $0 != 0 } ?? 0 }

    /// Reads the certificate and its key again: connections from now on are shown what the files hold now.
    ///
    /// Where they cannot be used an error is thrown, and what was shown before is shown on. Does nothing without TLS.
    package func reloadCertificate() throws(ServerError) { try identity?.reload() }

    private static func identity(_ configuration: Configuration) throws(ServerError) -> IdentityBox? {
        guard let endpoint = configuration.listeners.first(where: \.isSecure) else { return nil }
        guard let files = configuration.certificate else {
            throw ServerError(operation: "listen on \(endpoint)", cause: "there is no certificate for TLS", code: 0)
        }
        return try IdentityBox(files)
    }

    /// Stops listening, lets handlers that run finish, closes every connection and joins the threads.
    ///
    /// Not to be called from the handler. A second call does nothing.
    package func stop() {
        isStopped.withLock { isStopped in
            guard !isStopped else { return }
            isStopped = true
            acceptor.stop()
            context.endEventStreams()
            for worker in workers { worker.stop() }
        }
    }
}
