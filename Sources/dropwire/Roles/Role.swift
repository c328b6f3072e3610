import Glibc
import Lifecycle
import Linux
import Messaging
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
    /// The keys of the process, which are those of the context.
    let security: Security
    /// The role's own directory below the state directory; locked for this process.
    let stateDirectory: String
    /// Feeds the service manager's watchdog; called by the loop that does the work.
    let onProgress: @Sendable () -> Void
    /// What the service manager shows of the process.
    let standing: Standing
    /// What a role does on SIGHUP.
    private let reload = Callback()

    /// So long the service manager is to wait for the next word of an upgrade of the state: the sorting of a large index has
    /// stretches without one.
    private static let upgradePatience = Duration.seconds(600)

    /// Sets what is done on SIGHUP; a role that sets nothing says that it must be started again.
    func setReload(_ body: @escaping @Sendable () -> Void) { reload.set(body) }

    /// What the help says of a role that is nothing but that.
    static let explanation = """
        It runs until SIGTERM or SIGINT, which let it finish what is in hand; a second one ends it at once, and nothing
        is lost either way. Under systemd it says when it is ready, and feeds the watchdog.
        """

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
        StateUpgrade.observe { notifier.starting(within: Role.upgradePatience, status: $0) }
        let directory = "\(loaded.configuration.stateDirectory)/\(name)" + (instance.map { "/\($0)" } ?? "")
        let lock = try StateLock(directory: directory)
        let security = Security(loaded.configuration.security.settings)
        let context = try Context(security)
        let role = Role(
            name: instance.map { "\(name)-\($0)" } ?? name, loaded: loaded, context: context, security: security,
            stateDirectory: directory,
            onProgress: Role.progress(Watchdog(notifier).feed, DescriptorNotice()), standing: Standing(notifier))
        let services = try authenticator(security, context) + makeServices(role)
        let group = try ServiceGroup(
            services: services, isSupervised: arguments.has("--supervised"),
            onReload: {
                role.standing.reloading()
                defer { role.standing.reloaded() }
                guard !role.reload.isSet else { return role.reload() }
                do throws(SecurityProblem) { try role.security.reload() } catch {
                    logger.error(.keysNotReloaded, [.error: "\(error)"])
                }
                logger.notice("The configuration is read at the start; restart this process for what has changed.")
            })
        try group.run(
            ready: {
                logger.info("Ready.", [.version: Version.text, .pid: "\(getpid())"])
                role.standing.ready()
            },
            stopping: {
                role.standing.stopping()
                logger.info("Draining.")
            })
        withExtendedLifetime(lock) {}
        logger.info("Drained.")
        Logger.tellLeftOut()
        return ExitCode.done
    }
}

extension Role {
    private static func progress(
        _ feed: @escaping @Sendable () -> Void, _ notice: DescriptorNotice
    ) -> @Sendable () -> Void {
        {
            feed()
            notice.look()
            Logger.tellLeftOut()
        }
    }

    /// What answers who may connect, where keys are in use. It serves before anything is bound.
    private static func authenticator(_ security: Security, _ context: Context) throws -> [any Service] {
        guard security.settings.isActive else { return [] }
        do throws(SecurityProblem) { try security.load() } catch {
            throw ConfigurationError(description: error.description)
        }
        return [try Authenticator(context: context, security: security)]
    }
}

extension Role {
    /// The configuration of a worker on the watchers' logs: those of the configuration, and those that the status service
    /// hears of.
    func worker(
        generation: Int, statePath: String, endpoints: [String: [String]] = [:], name: String? = nil
    ) -> WorkerConfiguration {
        var worker = WorkerConfiguration(
            name: name ?? self.name, logEndpoints: [],
            reportEndpoints: configuration.status.report.forClients, generation: generation, endpoints: endpoints,
            statePath: statePath)
        worker.logs = configuration.articleLogs
        worker.discoversLogs = true
        worker.onTurn = { [standing] in standing.show($0) }
        return worker
    }
}
