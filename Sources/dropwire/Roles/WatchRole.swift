import Articles
import Glibc
import Ingestion
import Lifecycle
import Linux
import Messaging
import TOML
import ZeroMQ

extension Command {
    static let watch = Command(
        name: "watch", summary: "take files from drop directories and publish their articles",
        explanation: Role.explanation + "\n\n" + """
            SIGHUP and `dropwire reload` let it read its configuration again, without a restart.
            """,
        options: Role.options,
        examples: [
            Command.Example(
                "dropwire watch --config /etc/dropwire/dropwire.toml",
                "Run it in the foreground, as its unit does.")
        ],
        run: { try WatchRole.run($0) })
}

/// The wiring of the watcher: intake → log server, the admin socket, heartbeats.
enum WatchRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        try Role.run(arguments, name: "watch") { role in
            let section = role.configuration.watch
            try check(role.configuration)
            let database = role.stateDirectory + "/log.sqlite"
            var stream = section.stream.server(name: "articles")
            stream.hold = section.hold
            let server = try LogServer(context: role.context, configuration: stream, databasePath: database)
            let intake = try Intake(
                configuration: section.settings,
                options: Intake.Options(
                    databasePath: database, statePath: role.stateDirectory,
                    maximumLogBytes: section.maximumLogBytes.bytes, retention: section.stream.retention,
                    parseApart: { parseApart($0, onProgress: role.onProgress) }),
                onProgress: role.onProgress, hold: { server.hold },
                replace: { server.replace($0) }, publish: { server.publish($0) })
            let reloader = Reloader(
                role.loaded, check: { configuration throws(ConfigurationError) in try check(configuration) }
            ) {
                configuration, limit in
                // First: a list that cannot be used refuses the whole.
                try role.security.reload()
                return try intake.reload(
                    configuration.watch.settings, maximumLogBytes: configuration.watch.maximumLogBytes.bytes,
                    retention: configuration.watch.stream.retention, within: limit)
            }
            let admin = try CommandServer(name: "admin", context: role.context, endpoints: section.admin) {
                [
                    "QUARANTINE": { try QuarantineDesk.answer($0, intake) },
                    "HELD": { try HeldDesk.answer($0, intake) },
                    "KILL": { try KillDesk.answer($0, intake) },
                    "ERASE": { try EraseDesk.answer($0, intake) },
                    "STATUS": { _ in WatchAdmin.status(intake, reloader) },
                    "PAUSE": { try WatchAdmin.setPause($0, true, intake) },
                    "RESUME": { try WatchAdmin.setPause($0, false, intake) },
                    "FILE": { try WatchAdmin.file($0, intake) },
                    "RELOAD": { _ in Reply(reloader.reload(within: WatchAdmin.patience)) },
                ]
            }
            let heartbeat = try HeartbeatSender(
                context: role.context, endpoints: role.configuration.status.report.forClients
            ) {
                let heartbeat = makeHeartbeat(intake, server, section, reloader)
                role.standing.show(heartbeat)
                return heartbeat
            }
            intake.setOnRest { heartbeat.send() }
            role.setReload {
                // The signal's thread waits for nothing: the next signal may ask to stop.
                reloader.reload(within: .zero)
                heartbeat.send()
            }
            // The intake makes the database that the server reads, so it starts first; nothing is lost meanwhile, since
            // what it hands over waits in the server.
            return [heartbeat, intake, server, admin]
        }
    }

    private static func check(_ configuration: Configuration) throws(ConfigurationError) {
        guard configuration.watch.settings.directories.isEmpty else { return }
        throw ConfigurationError(
            description: "there is no drop directory: add one with [[watch.drop]] path = \"/…\", or, as a service, by "
                + "dropwire allow --configure")
    }

    /// The time that a child may say nothing: one that hangs on a file is killed, and counts as dead of it. A file of many
    /// articles may take longer, since each is a word. It is shorter than the watchdog's, which each word feeds.
    private static let patience = Duration.seconds(45)

    /// Parses a file in a child, which may die of it.
    private static func parseApart(_ path: String, onProgress: @Sendable () -> Void) -> ChildProcess.Ending? {
        // This very program, also when an upgrade has put another in its place.
        guard
            let child = try? ChildProcess(
                path: "/proc/self/exe", arguments: ["parse", "--json", "--", path], output: .piped, errorOutput: .null)
        else { return nil }
        var deadline = ContinuousClock.now + patience
        // The output is read only to see that it goes on, and its end.
        while child.discardOutput(until: deadline) {
            onProgress()
            if deadline <= .now {
                child.send(signal: SIGKILL)
                break
            }
            deadline = .now + patience
        }
        return child.wait()
    }

    private static func makeHeartbeat(
        _ intake: Intake, _ server: LogServer, _ section: WatchSection, _ reloader: Reloader
    ) -> Heartbeat {
        let snapshot = intake.snapshot
        var heartbeat = Heartbeat(name: section.name, kind: "watch")
        heartbeat.streams = [snapshot.end].compactMap { $0 }.map {
            .init(stream: $0.stream, epoch: $0.epoch, seq: $0.seq, head: $0.seq)
        }
        let addresses = server.addresses
        heartbeat.endpoints = [
            "feed": addresses.feed, "log": addresses.log, "admin": section.admin.forClients,
        ]
        var numbers: [String: Int64] = [
            "in_hand": Int64(snapshot.inHand),
            "articles": Int64(snapshot.articles), "irregular": Int64(snapshot.irregular),
            "waiting": Int64(snapshot.directories.reduce(0) { $0 + $1.waiting }),
            "settling": Int64(snapshot.directories.reduce(0) { $0 + $1.settling }),
            "blocked": Int64(snapshot.directories.reduce(0) { $0 + $1.blocked }), "held": Int64(snapshot.held),
            "in_quarantine": Int64(snapshot.directories.reduce(0) { $0 + ($1.quarantined ?? 0) }),
            "archive_removed": Int64(snapshot.directories.reduce(0) { $0 + $1.archiveRemoved }),
            // Of those that wait, the ones that wait for the operator.
            "paused": Int64(snapshot.pausedFiles),
        ]
        for (outcome, count) in snapshot.outcomes { numbers[outcome] = Int64(count) }
        numbers["next_release_ms"] = snapshot.nextRelease
        heartbeat.numbers = numbers
        heartbeat.state = snapshot.isFirstScanDone ? "watching" : "scanning"
        heartbeat.trouble = snapshot.trouble ?? reloader.trouble
        heartbeat.logs = server.standing.map { standing in
            var standing = standing
            standing.limitBytes = reloader.configuration.watch.maximumLogBytes.bytes
            standing.retentionSeconds = reloader.configuration.watch.stream.retention.components.seconds
            return [standing]
        }
        heartbeat.directories = DirectoryList(
            snapshot.directories.map(DirectoryStatus.init), pausedSince: snapshot.pausedSince)
        return heartbeat
    }
}
