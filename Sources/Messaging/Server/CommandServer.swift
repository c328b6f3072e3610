import Lifecycle
import Linux
import Synchronization
package import Telemetry
package import ZeroMQ

/// A ROUTER on a thread of its own that answers commands by handlers (`search`, `admin`).
package final class CommandServer: Service {
    /// Answers one command. It runs on the server's thread.
    package typealias Handler = (Request) throws -> Reply

    package let name: String
    private let context: Context
    private let endpoints: [Endpoint]
    private let domain: AccessDomain
    private let makeHandlers: @Sendable () throws -> [String: Handler]
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let logger: Logger
    private let bound = Mutex<[String]>([])

    /// Makes a server.
    ///
    /// - Parameters:
    ///   - domain: who may connect, and what their requests need.
    ///   - makeHandlers: called once on the server's thread, so that a handler may own what is not `Sendable`.
    package init(
        name: String, context: Context, endpoints: [Endpoint], domain: AccessDomain = .admin,
        makeHandlers: @escaping @Sendable () throws -> [String: Handler]
    ) throws {
        self.name = name
        self.context = context
        self.endpoints = endpoints
        self.domain = domain
        self.makeHandlers = makeHandlers
        let bell = try WakeUp()
        self.bell = bell
        self.logger = Logger(label: name)
        context.security?.whenReloaded { bell.ring() }
    }

    /// The addresses that clients connect to, once it serves.
    package var addresses: [String] { bound.withLock { $0 } }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        let handlers = try makeHandlers()
        let router = try EnvelopeRouter(context: context, endpoints: endpoints, domain: domain)
        bound.withLock { $0 = router.addresses }
        started()
        while !isDraining.load(ordering: .relaxed) {
            _ = try Poller.poll([router.readable, PollEntry(descriptor: bell.descriptor)], timeout: nil)
            bell.silence()
            while let request = try router.receive() {
                try router.reply(to: request, CommandServer.answer(request, handlers, logger))
            }
        }
    }

    /// Runs the handler of a request; what it throws becomes the error of the table.
    package static func answer(
        _ request: Request, _ handlers: [String: Handler], _ logger: Logger
    ) -> Result<Reply, WireError> {
        if request.command == "PING", handlers["PING"] == nil { return .success(Reply()) }
        guard let handler = handlers[request.command] else {
            return .failure(.unknownCommand(request.command, handlers))
        }
        do {
            return .success(try handler(request))
        } catch let error as WireError {
            return .failure(error)
        } catch {
            logger.error("A command failed.", [.command: request.command, .error: "\(error)"])
            return .failure(WireError(.internal, "INTERNAL", "\(request.command) failed: \(error)"))
        }
    }
}

extension WireError {
    static func unknownCommand(_ command: String, _ known: [String: CommandServer.Handler]) -> WireError {
        WireError(
            .notFound, "UNKNOWN_COMMAND",
            "'\(command)' is not a command here; there are \(known.keys.sorted().joined(separator: ", "))")
    }
}
