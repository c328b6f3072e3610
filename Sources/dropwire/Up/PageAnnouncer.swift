import Lifecycle
import Linux
import Messaging
import ZeroMQ

/// Says where the status page is and how to look further, as soon as the processes have told their addresses.
final class PageAnnouncer: Service {
    let name = "announcer"
    private let context: Context
    private let plan: UpPlan
    private let console: Console
    private let onAnnounced: @Sendable () throws -> Void
    private let bell: WakeUp

    /// Makes an announcer.
    ///
    /// - Parameter onAnnounced: called once after the announcement, when the watcher sees what is dropped.
    init(
        context: Context, plan: UpPlan, console: Console, onAnnounced: @escaping @Sendable () throws -> Void = {}
    ) throws {
        self.onAnnounced = onAnnounced
        self.context = context
        self.plan = plan
        self.console = console
        self.bell = try WakeUp()
    }

    func drain() { bell.ring() }

    func run(started: @Sendable () -> Void) throws {
        started()
        let queries = StatusQueries(
            client: CommandClient(context: context, endpoints: plan.configuration.status.report.forClients),
            interrupt: bell)
        var isSaid = false
        while true {
            do {
                let processes = isSaid ? [] : try queries.processes()
                if let page = processes.first(where: { $0.kind == "status" })?.endpoints["http"]?.first,
                    let watch = processes.first(where: { $0.kind == "watch" && $0.state == "watching" })
                {
                    announce(page: page, watch: watch)
                    isSaid = true
                    try onAnnounced()
                }
            } catch CommandClient.Failure.interrupted {
                return
            } catch is CommandClient.Failure {
                // The status service is just being started: asked again below.
            }
            if !Poll.readable([bell.descriptor], timeout: isSaid ? nil : .milliseconds(200)).isEmpty { return }
        }
    }

    private func announce(page: String, watch: Heartbeat) {
        func tcp(_ name: String) -> String { watch.endpoints[name]?.first { $0.hasPrefix("tcp") } ?? "–" }
        console.say("")
        console.say("  status page   \(console.emphasized(page))")
        console.say("  live feed     \(tcp("feed"))")
        console.say("  log           \(tcp("log"))")
        if let status = plan.configuration.status.report.forClients.first {
            console.say("  own workers   DROPWIRE_LOG=\(tcp("log")) DROPWIRE_STATUS=\(status)")
        }
        if let directory = plan.dropDirectory {
            console.say("  drop folder   \(directory)   (files are moved to \(directory)/.done when they are safe)")
        }
        console.say("  look closer   dropwire tail · dropwire search WORDS · dropwire why FILE")
        console.say("  Ctrl-C drains and ends")
        console.say("")
    }
}
