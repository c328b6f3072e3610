import CMicroHTTPD
import Glibc
import Synchronization

/// One thread that serves connections: a daemon of libmicrohttpd without a listening socket.
///
/// Its own pool of threads deals connections out by their descriptors' numbers; here a thread that is in its handler
/// gets new ones last.
final class Worker: Sendable {
    /// The certificate that its connections show; nil where they do not speak TLS.
    let identity: IdentityBox?
    // libmicrohttpd's daemon may be given connections and be stopped from any thread but its own.
    private let daemon: Mutex<Handle?>
    private let connections = Atomic<Int>(0)
    private let isAnswering = Atomic<Bool>(false)

    /// What GnuTLS holds for good today, and of the protocols nothing before TLS 1.2.
    private static let protocols = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

    private struct Handle: @unchecked Sendable { let pointer: OpaquePointer }

    /// Starts the thread; `context` must live until ``stop()``.
    init(identity: IdentityBox?, context: ServerContext) throws(ServerError) {
        self.identity = identity
        let configuration = context.configuration
        let shared = Unmanaged.passUnretained(context).toOpaque()
        var options = [
            // We count ourselves; this is only never to be reached.
            MHD_OptionItem(option: .CONNECTION_LIMIT, value: configuration.connectionLimit * 2 + 64, ptr_value: nil),
            MHD_OptionItem(
                option: .CONNECTION_TIMEOUT, value: max(1, Int(configuration.timeout.components.seconds)),
                ptr_value: nil),
            MHD_OptionItem(
                option: .CONNECTION_MEMORY_LIMIT, value: configuration.memoryPerConnection, ptr_value: nil),
            // Refuses what RFC 9112 says must be refused, such as a request without Host.
            MHD_OptionItem(option: .STRICT_FOR_CLIENT, value: 1, ptr_value: nil),
            cmicrohttpd_keeping_escapes(),
            cmicrohttpd_on_completed(exchangeCompleted),
            cmicrohttpd_on_connection(connectionNotified, shared),
        ]
        var flags =
            MHD_USE_EPOLL_INTERNAL_THREAD.rawValue | MHD_USE_NO_LISTEN_SOCKET.rawValue
            | MHD_ALLOW_SUSPEND_RESUME.rawValue
        if identity != nil {
            flags |= MHD_USE_TLS.rawValue
            options.append(cmicrohttpd_on_certificate(identityWanted))
        }
        // Read by libmicrohttpd while it starts, and not kept.
        let started = Worker.protocols.withCString { protocols in
            if identity != nil {
                options.append(
                    MHD_OptionItem(
                        option: .HTTPS_PRIORITIES, value: 0, ptr_value: UnsafeMutableRawPointer(mutating: protocols)))
            }
            options.append(MHD_OptionItem(option: .END, value: 0, ptr_value: nil))
            return cmicrohttpd_start(flags, exchangeCalled, shared, options)
        }
        guard let started else {
            throw ServerError(operation: "serve HTTP", cause: "libmicrohttpd did not start", code: 0)
        }
        daemon = Mutex(Handle(pointer: started))
    }

    /// Its connections speak TLS.
    var isSecure: Bool { identity != nil }

    /// How welcome a new connection is: the fewer the better, and a thread that is in its handler comes last.
    var load: Int {
        connections.load(ordering: .relaxed) + (isAnswering.load(ordering: .relaxed) ? 1 << 32 : 0)
    }

    /// Gives it a connection to serve; returns false where libmicrohttpd does not take it and has closed its socket.
    func add(_ connection: Connection) -> Bool {
        connections.wrappingAdd(1, ordering: .relaxed)
        var address = sockaddr_storage()
        address.ss_family = sa_family_t(AF_UNIX)
        let isTaken = daemon.withLock { daemon in
            guard let daemon else {
                close(connection.descriptor)
                return false
            }
            // The address is of no interest to libmicrohttpd: we limit and tell it ourselves.
            return withUnsafeBytes(of: &address) { bytes in
                MHD_add_connection(
                    daemon.pointer, connection.descriptor, bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(MemoryLayout<sa_family_t>.size)) == .YES
            }
        }
        if !isTaken { connections.wrappingSubtract(1, ordering: .relaxed) }
        return isTaken
    }

    /// Takes note that a connection of it has gone.
    func forget(_ connection: Connection) { connections.wrappingSubtract(1, ordering: .relaxed) }

    /// Runs the handler of a request; on its own thread.
    func answering(_ body: () -> Response) -> Response {
        isAnswering.store(true, ordering: .relaxed)
        defer { isAnswering.store(false, ordering: .relaxed) }
        return body()
    }

    /// Lets a handler that runs finish, closes every connection and joins the thread; no event stream may sleep any
    /// more.
    func stop() {
        if let handle = daemon.withLock({ $0.take() }) { MHD_stop_daemon(handle.pointer) }
    }
}

/// libmicrohttpd calls this when it begins with a connection, and before it closes its socket.
///
/// The corresponding C type is `MHD_NotifyConnectionCallback`.
private func connectionNotified(
    _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
    guard let context, let slot else { return }
    let shared = Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
    switch code {
    case .CONNECTION_NOTIFY_STARTED:
        guard let connection = shared.table.connection(at: cmicrohttpd_descriptor(handle)) else { return }
        connection.begin()
        slot.pointee = Unmanaged.passRetained(connection).toOpaque()
    case .CONNECTION_NOTIFY_CLOSED:
        guard let known = slot.pointee else { return }
        let connection = Unmanaged<Connection>.fromOpaque(known).takeRetainedValue()
        slot.pointee = nil
        connection.end()
        connection.worker.forget(connection)
        shared.table.remove(connection)
    @unknown default: break
    }
}
