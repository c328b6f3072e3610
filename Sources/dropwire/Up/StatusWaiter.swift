import Lifecycle
import Linux
import Messaging
import Synchronization
import ZeroMQ

/// Waits until the status service answers and notes its totals, before the watcher is started: what `up --once` counts
/// begins here.
final class StatusWaiter: Service {
    let name = "baseline"
    private let context: Context
    private let endpoints: [String]
    private let bell: WakeUp
    private let noted = Mutex<StatusQueries.Summary?>(nil)

    init(context: Context, endpoints: [String]) throws {
        self.context = context
        self.endpoints = endpoints
        self.bell = try WakeUp()
    }

    /// The totals before anything was done.
    var baseline: StatusQueries.Summary? { noted.withLock { $0 } }

    func drain() { bell.ring() }

    func run(started: @Sendable () -> Void) throws {
        let queries = StatusQueries(client: CommandClient(context: context, endpoints: endpoints), interrupt: bell)
        while baseline == nil {
            do {
                let summary = try queries.summary()
                noted.withLock { $0 = summary }
            } catch CommandClient.Failure.interrupted {
                return
            } catch is CommandClient.Failure {
                continue
            }
        }
        started()
        _ = Poll.readable([bell.descriptor], timeout: nil)
    }
}
