package import Articles
import Lifecycle
package import Linux
import Messaging
import SQLite
import Synchronization
import Telemetry

/// A webhook on a thread of its own: posts matches as they come, until they are taken.
package final class WebhookService: Service {
    package let name: String
    package var precedence: SystemThread.Precedence { .background }
    private let configuration: WebhookConfiguration
    private let signer: WebhookSigner
    private let logPath: String
    private let storePath: String
    private let makeArchive: @Sendable () throws -> (ArticleID) throws -> [UInt8]?
    private let bell: WakeUp
    private let isDraining = Atomic<Bool>(false)
    private let isPauseOver = Atomic<Bool>(false)

    /// Makes the service.
    ///
    /// - Parameters:
    ///   - logPath: the database with the log of the matches.
    ///   - storePath: the outbox, which the webhooks of a process share.
    ///   - makeArchive: called once on the service's thread; returns what looks up the record of an article that may be shown.
    package init(
        _ configuration: WebhookConfiguration, signer: WebhookSigner, logPath: String, storePath: String,
        makeArchive: @escaping @Sendable () throws -> (ArticleID) throws -> [UInt8]?
    ) throws {
        name = "webhook \(configuration.name)"
        self.configuration = configuration
        self.signer = signer
        self.logPath = logPath
        self.storePath = storePath
        self.makeArchive = makeArchive
        bell = try WakeUp()
    }

    /// Whether it is the webhook of that name in the configuration.
    package func isCalled(_ name: String) -> Bool { configuration.name == name }

    /// There may be new matches. Safe on any thread.
    package func wake() { bell.ring() }

    /// What waits is to be tried at once. Safe on any thread.
    package func retry() {
        isPauseOver.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func drain() {
        isDraining.store(true, ordering: .relaxed)
        bell.ring()
    }

    package func run(started: @Sendable () -> Void) throws {
        var courier: Courier? = try makeCourier()
        var outage = StateOutage(path: storePath, label: name)
        started()
        while !isDraining.load(ordering: .relaxed) {
            do {
                let hired = try courier ?? makeCourier()
                courier = hired
                try deliver(with: hired, &outage)
            } catch let error as SQLiteError where error.isPassing {
                courier = nil
                outage.begin(error)
                outage.wait(bell: bell) { !isDraining.load(ordering: .relaxed) }
            }
        }
    }

    private func makeCourier() throws -> Courier {
        try Courier(
            configuration, signer: signer, store: DeliveryStore(path: storePath), log: LogReader(path: logPath),
            archive: makeArchive(), now: Clocks.wallMilliseconds)
    }

    /// Delivers what comes until drained. What could not be written down is not posted.
    private func deliver(with courier: Courier, _ outage: inout StateOutage) throws {
        while !isDraining.load(ordering: .relaxed) {
            if isPauseOver.exchange(false, ordering: .relaxed) { courier.forgetPause() }
            outage.wait(bell: bell) { !isDraining.load(ordering: .relaxed) }
            let wait = try courier.step { !self.isDraining.load(ordering: .relaxed) } ?? .seconds(3600)
            guard wait > .zero else { continue }
            _ = Poll.readable([bell.descriptor], timeout: min(wait, .seconds(3600)))
            bell.silence()
        }
    }
}
