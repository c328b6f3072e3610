import FoundationEssentials
import Glibc
import Lifecycle
import Linux
import Messaging
import ZeroMQ

extension Command {
    /// Runs all roles as children in one terminal.
    static let up = Command(
        name: "up",
        summary: "run all roles in one terminal",
        explanation: """
            With --demo it makes a scratch folder, drops the sample articles, and shows what
            comes out. With --drop DIR it watches that folder; files are moved to DIR/.done
            when their articles are safe. Else it runs the configuration. A role that dies is
            started again; Ctrl-C drains all, and SIGHUP is passed on to all.

            With --once it ends when everything that was in the drop directories is processed
            by every worker, with a summary.
            """,
        options: [
            Command.Option("--demo", "show it all at work with sample articles; needs nothing"),
            Command.Option("--drop", "DIR", "watch the folder DIR; needs no configuration"),
            Command.Option("--state", "DIR", "with --drop: where databases go"),
            .config,
            Command.Option("--once", "end when everything that is there is processed"),
            Command.Option("--json", "with --once: print the summary as one JSON object"),
        ],
        failure: "where with --once, something was quarantined, partial or failed",
        examples: [
            Command.Example("dropwire up --demo", "See it all at work with sample articles."),
            Command.Example(
                "dropwire up --drop incoming --once --json",
                "Work through a folder, and print what became of its files."),
        ], run: { try Up.run($0) })
}

/// `dropwire up`.
enum Up {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let plan = try makePlan(arguments)
        defer { if let scratch = plan.scratchDirectory { try? FileManager.default.removeItem(atPath: scratch) } }
        let isOnce = arguments.has("--once")
        guard isOnce || !arguments.has("--json") else { throw UsageError("--json goes with --once") }
        let isDemo = arguments.has("--demo")
        // With --once they are there before the first scan, without it they come before the user's eyes.
        if isDemo, isOnce, let drop = plan.dropDirectory { try Samples.copy(to: drop) }
        try RunTimeFile.makePrivateDirectory(RunTimeFile.directory)
        try RunTimeFile.point(to: plan.configurationPath)
        defer { RunTimeFile.remove(pointingTo: plan.configurationPath) }

        let roles = roles(of: plan.configuration)
        let console = Console(speakers: roles.map(\.name))
        let context = try plan.configuration.makeContext()
        let children = try roles.enumerated().map { index, role in
            try ChildService(
                name: role.name, index: index,
                arguments: role.arguments + ["--config", plan.configurationPath, "--supervised"], console: console)
        }
        let waiter = try StatusWaiter(context: context, endpoints: plan.configuration.status.report.forClients)
        // Status first, then what it was before; the rest finds a service that takes its reports.
        var services: [any Service] = [children[0], waiter]
        services += children.dropFirst().map { $0 as any Service }
        var monitor: OnceMonitor?
        if isOnce {
            let made = try OnceMonitor(
                context: context, configuration: plan.configuration, waiter: waiter, console: console)
            monitor = made
            services.append(made)
        } else {
            if isDemo {
                services.append(
                    try ArticlePrinter(
                        context: context, articleLog: plan.configuration.watch.stream.logForClients[0],
                        resultLog: plan.configuration.status.stream.logForClients[0], console: console))
            }
            services.append(
                try PageAnnouncer(context: context, plan: plan, console: console) {
                    if isDemo, let drop = plan.dropDirectory { try Samples.copy(to: drop) }
                })
        }
        try ServiceGroup(
            services: services, deadline: .seconds(30), onReload: { for child in children { child.reload() } }
        ).run()

        guard isOnce else { return ExitCode.done }
        guard let summary = monitor?.summary else {
            Output.error("dropwire up: ended before everything was processed; nothing is lost, run it again")
            return ExitCode.failed
        }
        Output.line(arguments.has("--json") ? summary.json : summary.table)
        return summary.hasTrouble ? ExitCode.failed : ExitCode.done
    }

    private static func makePlan(_ arguments: ParsedArguments) throws -> UpPlan {
        let given = ["--demo", "--drop", "--config"].filter(arguments.has)
        guard given.count <= 1 else { throw UsageError("\(given.joined(separator: " and ")) exclude each other") }
        guard !arguments.has("--state") || arguments.has("--drop") else { throw UsageError("--state goes with --drop") }
        if arguments.has("--demo") { return try .demo() }
        if let directory = arguments.value("--drop") { return try .drop(directory, state: arguments.value("--state")) }
        let path = Configuration.path(
            argument: arguments.value("--config"), environment: getenv("DROPWIRE_CONFIG").map { String(cString: $0) })
        guard let path else {
            throw UsageError("nothing says what to watch: give --demo, --drop DIR or --config FILE")
        }
        return try UpPlan(configurationPath: path)
    }

    private static func roles(of configuration: Configuration) -> [(name: String, arguments: [String])] {
        var roles = ["status", "watch", "deduplicate", "index"].map { (name: $0, arguments: [$0]) }
        // The tool `status` shares its name with the role: the role says that it serves.
        roles[0].arguments.append("--serve")
        let count = configuration.summarize.processes
        for number in 1...count {
            roles.append((count == 1 ? "summarize" : "summarize-\(number)", ["summarize", "--instance", "\(number)"]))
        }
        return roles
    }
}
