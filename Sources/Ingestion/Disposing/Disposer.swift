import Linux

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

    private let worker: ApartWorker<[Job], [Outcome]>

    init() throws(SystemError) { worker = try ApartWorker(name: "disposal", Disposer.dispose) }

    /// Begins with a batch.
    func begin(_ jobs: [Job]) { worker.begin(jobs) }

    /// Waits for the end of the batch; returns what came of each of its files, in order.
    func finish() -> [Outcome] { worker.finish() ?? [] }

    @Sendable private static func dispose(_ jobs: [Job]) -> [Outcome] {
        // What stops one file of a directory stops the others: they are not tried in vain.
        var stopped: [ObjectIdentifier: Trouble] = [:]
        return jobs.map { job in
            let directory = ObjectIdentifier(job.disposal)
            do throws(Trouble) {
                if let trouble = stopped[directory] { throw trouble }
                return .success(try job.disposal.dispose(job.entry, reason: job.reason))
            } catch {
                if error.scope != .file { stopped[directory] = error }
                return .failure(error)
            }
        }
    }
}
