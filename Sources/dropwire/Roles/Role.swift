import Glibc
import Lifecycle
import Linux
import Messaging
import Synchronization
import Systemd
import TOML
import Telemetry
import ZeroMQ

/// What every role's wiring gets: the configuration, the context, its state directory, and the watchdog.
struct Role: Sendable {
    /// The name of the process, for example `index` or `summarize-2`.
    let name: String
    let loaded: LoadedConfiguration
    var configuration: Configuration { loaded.configuration }
    let context: Context
    /// The role's own directory below the state directory; locked for this process.
    let stateDirectory: String
    /// What a role does on SIGHUP.
    private final class ReloadHook: Sendable {
        let body = Mutex<(@Sendable () -> Void)?>(nil)
    }

    /// Feeds the service manager's watchdog; called by the loop that does the work.
    let onProgress: @Sendable () -> Void
    private let reload = ReloadHook()

    /// Sets what is done on SIGHUP; a role that sets nothing says that it must be started again.
    func setReload(_ body: @escaping @Sendable () -> Void) { reload.body.withLock { $0 = body } }

    /// The options of every role.
    static let options: [Command.Option] = [
        .config, Command.Option("--supervised", "end when standard input closes (as `dropwire up` runs it)"),
    ]

    /// Runs a role until it is asked to stop: configuration, state, services, readiness, drain.
    static func run(
        _ arguments: ParsedArguments, name: String, instance: String? = nil,
        _ makeServices: (Role) throws -> [any Service]
    ) throws -> Int32 {
        let loaded = try LoadedConfiguration(for: arguments)
        let notifier = Notifier()
        let logger = Logger(label: name)
        let directory = "\(loaded.configuration.stateDirectory)/\(name)" + (instance.map { "/\($0)" } ?? "")
        let lock = try StateLock(directory: directory)
        let role = Role(
            name: instance.map { "\(name)-\($0)" } ?? name, loaded: loaded, context: try Context(),
            stateDirectory: directory,
            onProgress: Watchdog(notifier).feed)
        let services = try makeServices(role)
        let group = try ServiceGroup(
            services: services, isSupervised: arguments.has("--supervised"),
            onReload: {
                if let reload = role.reload.body.withLock({ $0 }) { return reload() }
                logger.notice("The configuration is read at the start; restart this process for what has changed.")
            })
        try group.run(
            ready: {
                logger.info("Ready.", ["version": Version.text, "pid": "\(getpid())"])
                notifier.ready()
            },
            stopping: {
                notifier.stopping()
                logger.info("Draining.")
            })
        withExtendedLifetime(lock) {}
        logger.info("Drained.")
        return ExitCode.done
    }
}

/// Feeds the service manager's watchdog at a third of its interval, however often it is called.
private final class Watchdog: Sendable {
    private let notifier: Notifier
    private let interval: Duration?
    private let lastFed = Mutex(ContinuousClock.now - .seconds(3600))

    init(_ notifier: Notifier) {
        self.notifier = notifier
        interval = notifier.watchdogInterval
    }

    var feed: @Sendable () -> Void {
        guard let interval else { return {} }
        return { [self] in
            let isDue = lastFed.withLock { last in
                guard ContinuousClock.now - last > interval / 3 else { return false }
                last = .now
                return true
            }
            if isDue { notifier.watchdog() }
        }
    }
}

extension Role {
    /// The configuration of a worker on the watcher's log.
    func worker(
        generation: Int, statePath: String, endpoints: [String: [String]] = [:], name: String? = nil
    ) -> WorkerConfiguration {
        WorkerConfiguration(
            name: name ?? self.name, logEndpoints: configuration.watch.stream.logForClients,
            reportEndpoints: [configuration.status.report.description], generation: generation, endpoints: endpoints,
            statePath: statePath)
    }
}
