import Glibc
import Linux
import ZeroMQ

/// An endpoint that a socket of this process is bound to. An ipc path stays locked until this object goes.
///
/// libzmq's ipc bind silently takes a path over from a living server, so a lock file beside it is held first; the
/// socket file is removed on a clean end only, while the lock is held.
final class BoundEndpoint {
    /// What is bound; a port `*` is replaced by the one that the system chose.
    private let address: String
    /// The address that clients connect to: that of a socket on all addresses has the name of the machine.
    var announced: String {
        guard endpoint.isEveryAddress, let colon = address.lastIndex(of: ":") else { return address }
        return "tcp://\(ProcessInformation.hostName)\(address[colon...])"
    }
    private let endpoint: Endpoint
    private let lock: Int32

    /// Binds `socket`, with what `check` asks of peers.
    ///
    /// - Throws: `SystemError` where the directory or the lock cannot be had, ``InUse`` where another process serves the
    ///   path, `ZeroMQError` where the bind fails.
    init(_ endpoint: Endpoint, socket: borrowing Socket, check: AccessCheck) throws {
        self.endpoint = endpoint
        try check.prepare(socket, for: endpoint)
        guard let path = endpoint.ipcPath else {
            lock = -1
            // An address in brackets is one of IPv6, which libzmq takes only where it is told to.
            if endpoint.tcpHost?.hasPrefix("[") == true { try socket.set(.ipv6, 1) }
            try socket.bind(endpoint.description)
            address = socket.lastEndpoint
            return
        }
        try BoundEndpoint.makeDirectory(of: path)
        lock = try BoundEndpoint.lock(path)
        do {
            try socket.bind(endpoint.description)
            try BoundEndpoint.open(path)
        } catch {
            close(lock)
            throw error
        }
        address = endpoint.description
    }

    /// Ends the bind and begins it anew: whoever is connected loses the connection, and comes back if it still may.
    func rebind(_ socket: borrowing Socket, check: AccessCheck) throws {
        try socket.unbind(address)
        try check.prepare(socket, for: endpoint)
        // A thread of libzmq closes the old socket, without saying when it has.
        let deadline = ContinuousClock.now + .seconds(5)
        while let error = BoundEndpoint.attempt({ () throws(ZeroMQError) in try socket.bind(address) }) {
            guard error.isAddressInUse, ContinuousClock.now < deadline else { throw error }
            _ = Poll.readable([], timeout: .milliseconds(5))
        }
        if let path = endpoint.ipcPath { try BoundEndpoint.open(path) }
    }

    deinit {
        guard lock >= 0 else { return }
        unlink(String(address.dropFirst(6)))
        close(lock)
    }

    /// Another process serves the endpoint.
    struct InUse: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "bind 'ipc://\(path)': another process serves it (it holds '\(path).lock'); stop that one first"
        }
    }

    private static func attempt(_ body: () throws(ZeroMQError) -> Void) -> ZeroMQError? {
        do throws(ZeroMQError) { try body() } catch { return error }
        return nil
    }

    /// Lets the group use the socket.
    private static func open(_ path: String) throws(SystemError) {
        // Not by umask, which belongs to the whole process: a directory that another thread makes in that moment would
        // lose its x bits. Until here the usual masks let nobody but the owner connect.
        guard chmod(path, 0o660) == 0 else { throw SystemError(operation: "set the mode of '\(path)'") }
    }

    private static func makeDirectory(of path: String) throws(SystemError) {
        var made = ""
        for part in path.split(separator: "/").dropLast() {
            made += "/" + part
            if mkdir(made, 0o750) == -1, errno != EEXIST {
                throw SystemError(operation: "make the directory '\(made)'")
            }
        }
    }

    private static func lock(_ path: String) throws -> Int32 {
        let name = path + ".lock"
        let descriptor = Glibc.open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw SystemError(operation: "open '\(name)'") }
        do {
            guard try FileLock.take(descriptor, named: name, patience: FileLock.patience) else {
                throw InUse(path: path)
            }
        } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }
}
