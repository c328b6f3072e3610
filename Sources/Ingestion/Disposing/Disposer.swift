import Linux
import Synchronization

/// Disposes of the files of a committed batch on a thread of its own, while the intake reads the next batch: a rename
/// costs as much as reading and parsing do.
///
/// One batch at a time. Between ``begin(_:)`` and ``finish()`` nobody else uses the disposals of its jobs.
final class Disposer {
    /// One file.
    struct Job {
        let disposal: Disposal
        let entry: Ledger.Entry
        let reason: QuarantineReason?
    }

    typealias Outcome = Result<Disposal.Result, Trouble>

    /// The batch goes to the thread and comes back: it has one user at a time, which the two bells see to.
    private struct Batch: @unchecked Sendable {
        var jobs: [Job] = []
        var outcomes: [Outcome] = []
    }

    private final class Desk: Sendable {
        let batch = Mutex(Batch())
        let isEnding = Atomic<Bool>(false)
        let begun: WakeUp
        let done: WakeUp

        init() throws(SystemError) {
            begun = try WakeUp()
            done = try WakeUp()
        }

        func run() {
            while true {
                _ = Poll.readable([begun.descriptor], timeout: nil)
                guard begun.silence() else { continue }
                if isEnding.load(ordering: .relaxed) { return }
                var batch = batch.withLock { $0 }
                batch.outcomes.reserveCapacity(batch.jobs.count)
                // What stops one file of a directory stops the others: they are not tried in vain.
                var stopped: [ObjectIdentifier: Trouble] = [:]
                for job in batch.jobs {
                    let directory = ObjectIdentifier(job.disposal)
                    do throws(Trouble) {
                        if let trouble = stopped[directory] { throw trouble }
                        batch.outcomes.append(.success(try job.disposal.dispose(job.entry, reason: job.reason)))
                    } catch {
                        if error.scope != .file { stopped[directory] = error }
                        batch.outcomes.append(.failure(error))
                    }
                }
                batch.jobs = []
                self.batch.withLock { $0 = batch }
                done.ring()
            }
        }
    }

    private let desk: Desk
    private let thread: SystemThread
    private var isBusy = false

    init() throws(SystemError) {
        let desk = try Desk()
        self.desk = desk
        thread = try SystemThread(name: "disposal") { desk.run() }
    }

    deinit {
        _ = finish()
        desk.isEnding.store(true, ordering: .relaxed)
        desk.begun.ring()
        thread.join()
    }

    /// Begins with a batch.
    func begin(_ jobs: [Job]) {
        precondition(!isBusy, "the last batch was not finished")
        isBusy = true
        let batch = Batch(jobs: jobs)
        desk.batch.withLock { $0 = batch }
        desk.begun.ring()
    }

    /// Waits for the end of the batch; returns what came of each of its files, in order.
    func finish() -> [Outcome] {
        guard isBusy else { return [] }
        while !desk.done.silence() { _ = Poll.readable([desk.done.descriptor], timeout: nil) }
        isBusy = false
        let batch = desk.batch.withLock { batch in
            defer { batch = Batch() }
            return batch
        }
        return batch.outcomes
    }
}
