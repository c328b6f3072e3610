import CMicroHTTPD
import Glibc
import Synchronization

/// An HTTP/1.1 server: libmicrohttpd on threads of its own. It has no routes, no files, no TLS; a handler answers all.
///
/// The handler is called once for each complete request, on one of the server's threads, several of them at a time where
/// there are several; while it runs, the other connections of its thread wait.
package final class Server: Sendable {
    /// The limits of a server.
    package struct Configuration: Sendable {
        /// The numeric address to listen on, IPv4 or IPv6.
        package var address = "127.0.0.1"
        /// The port to listen on; 0 takes a free one.
        package var port: UInt16 = 0
        /// Connections at a time; a further one waits in the kernel's queue until one of them is gone.
        package var connectionLimit = 256
        /// Connections at a time from one address, 0 for no limit; a further one is closed at once.
        package var connectionLimitPerAddress = 0
        /// After so much time without progress a connection is closed; whole seconds.
        package var timeout = Duration.seconds(30)
        /// The longest body that is taken; a longer one is answered with 413.
        package var maximumBodyBytes = 1 << 20
        /// The number of threads that serve; each has its part of `connectionLimit`.
        package var threads = 1

        package init() {}
    }

    /// Answers one request.
    package typealias Handler = @Sendable (Request) -> Response

    /// The address that the server listens on.
    package let address: String
    /// The port that the server listens on, the real one where 0 was asked for.
    package let port: UInt16
    // libmicrohttpd's daemon may be stopped from any thread but its own; the lock makes it happen once.
    private let daemon: Mutex<DaemonHandle?>

    /// Starts to serve; returns when connections are accepted.
    package init(configuration: Configuration = Configuration(), handler: @escaping Handler) throws(ServerError) {
        let listener = try Listener(address: configuration.address, port: configuration.port)
        address = configuration.address
        port = listener.port
        let context = Unmanaged.passRetained(
            ExchangeContext(maximumBodyBytes: configuration.maximumBodyBytes, handler: handler))
        let seconds = max(1, Int(configuration.timeout.components.seconds))
        var options = [
            MHD_OptionItem(option: .LISTEN_SOCKET, value: Int(listener.descriptor), ptr_value: nil),
            MHD_OptionItem(
                option: .CONNECTION_LIMIT, value: max(configuration.connectionLimit, configuration.threads),
                ptr_value: nil),
            MHD_OptionItem(
                option: .PER_IP_CONNECTION_LIMIT, value: configuration.connectionLimitPerAddress,
                ptr_value: nil),
            MHD_OptionItem(option: .CONNECTION_TIMEOUT, value: seconds, ptr_value: nil),
            // Refuses what RFC 9112 says must be refused, such as a request without Host.
            MHD_OptionItem(option: .STRICT_FOR_CLIENT, value: 1, ptr_value: nil),
            cmicrohttpd_keeping_escapes(),
            cmicrohttpd_on_completed(exchangeCompleted),
        ]
        if configuration.threads > 1 {
            options.append(
                MHD_OptionItem(option: .THREAD_POOL_SIZE, value: configuration.threads, ptr_value: nil))
        }
        options.append(MHD_OptionItem(option: .END, value: 0, ptr_value: nil))
        let flags = MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_ITC.rawValue
        guard let started = cmicrohttpd_start(flags, exchangeCalled, context.toOpaque(), options) else {
            context.release()
            // libmicrohttpd has closed the socket already, or not, depending on how far it came: a leak is the safe side.
            throw ServerError(
                operation: "serve HTTP on \(listener.name)", cause: "libmicrohttpd did not start", code: 0)
        }
        daemon = Mutex(DaemonHandle(daemon: started, context: context))
    }

    deinit {
        stop()
    }

    /// Stops listening, lets handlers that run finish, closes every connection and joins the threads.
    ///
    /// Not to be called from the handler. A second call does nothing.
    package func stop() {
        let handle = daemon.withLock { handle in
            let taken = handle
            handle = nil
            return taken
        }
        guard let handle else { return }
        MHD_stop_daemon(handle.daemon)
        handle.context.release()
    }
}

/// What has to be given back: the daemon, and the context that its callbacks are called with.
private struct DaemonHandle: @unchecked Sendable {
    let daemon: OpaquePointer
    let context: Unmanaged<ExchangeContext>
}
