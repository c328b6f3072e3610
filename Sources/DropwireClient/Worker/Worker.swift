import Lifecycle
import Linux
import Messaging
import Synchronization

/// A worker of your own: it gets every article, and what it makes of it is stored by the status service and shown on its
/// page, as the work of the built-in workers is.
///
/// There are three, by where their memory is:
///
/// - Without any, as for translation or geocoding: ``init(kind:connection:options:withdrawn:work:)``. Articles are lent to
///   any number of processes; what one did not finish comes to another.
/// - In a store of yours: ``init(kind:connection:options:resumingAt:apply:)``. You are handed batches, and save a checkpoint
///   in the transaction of their effects.
/// - In a file of the worker's own: ``init(kind:connection:options:withdrawn:remembering:)``.
///
/// Whoever is killed, and whenever: every article has its effect, and its result, once.
public final class Worker: Sendable {
    private enum Shape: Sendable {
        case shared(
            work: @Sendable (WorkItem) async throws -> WorkResult, withdrawn: @Sendable (Withdrawal) async -> Void)
        case batches(
            resume: @Sendable () async throws -> Checkpoint?, apply: @Sendable (WorkBatch) async throws -> Void)
        case remembering(work: MemoryProcessor.Work, withdrawn: MemoryProcessor.Withdraw)
    }

    private struct State {
        var hasRun = false
        var isDraining = false
        var service: (any Service)?
    }

    /// The kind of its results, for example `translate`; also the name of the group that shares the work.
    public let kind: String
    /// The process's name on the status page.
    public let name: String
    private let connection: Connection
    private let options: WorkerOptions
    private let shape: Shape
    private let state = Mutex(State())

    private init(_ kind: String, _ connection: Connection, _ options: WorkerOptions, _ shape: Shape) {
        precondition(
            Topic.isPart(kind), "a worker's kind is a word of 1 to 40 of a-z, 0-9, '.', '_' and '-', not '\(kind)'")
        let name = options.name ?? kind
        precondition(
            (1...100).contains(name.utf8.count) && !name.contains("/"), "a worker's name has 1 to 100 bytes and no '/'")
        self.kind = kind
        self.name = name
        self.connection = connection
        self.options = options
        self.shape = shape
    }

    /// Makes a worker without memory; any number of processes share the articles among them.
    ///
    /// An article is lent to one worker at a time, for ``WorkerOptions/lease``. Where the work throws, the article comes
    /// again, here or elsewhere, and is a dead letter after ``WorkerOptions/maximumAttempts``. The result is stored before
    /// the article counts as done. So the work on an article may be begun twice, and its result is there once.
    ///
    /// - Parameters:
    ///   - kind: 1 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
    ///   - connection: the log and the status service.
    ///   - options: what else there is to say.
    ///   - withdrawn: is told of the articles that are withdrawn, as far as they come to this worker. (The status service
    ///     keeps their results to itself.)
    ///   - work: the work on one article, in the task that calls ``run(onSignals:)``.
    public convenience init(
        kind: String, connection: Connection = Connection(), options: WorkerOptions = WorkerOptions(),
        withdrawn: @escaping @Sendable (Withdrawal) async -> Void = { _ in },
        work: @escaping @Sendable (WorkItem) async throws -> WorkResult
    ) {
        self.init(kind, connection, options, .shared(work: work, withdrawn: withdrawn))
    }

    /// Makes a worker whose effects are in a store of the caller's.
    ///
    /// `apply` gets the records of the log in order, and applies each batch in one transaction, in which it also saves
    /// ``WorkBatch/checkpoint``. Where it throws it must have left nothing: the batch comes again, after a pause, record by
    /// record. A record that fails so by itself ``WorkerOptions/maximumAttempts`` times is passed by, with a failed result,
    /// if the store can save that; where it cannot, it is the store that is at fault, and the worker stands still until it
    /// works. What may go wrong with an article, and not with the store, is better caught, and reported as
    /// ``WorkResult/failed(_:)``.
    ///
    /// The promise is as good as the transaction: where it saves effects and checkpoint together or not at all, each record
    /// has its effect once. The results that were reported within it are stored once in any case, since the checkpoint has
    /// them until the status service does.
    ///
    /// - Parameters:
    ///   - kind: 1 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
    ///   - connection: the log and the status service.
    ///   - options: what else there is to say.
    ///   - resumingAt: returns the checkpoint that was saved last; nil begins with the oldest record.
    ///   - apply: applies a batch, in the task that calls ``run(onSignals:)``.
    public convenience init(
        kind: String, connection: Connection = Connection(), options: WorkerOptions = WorkerOptions(),
        resumingAt: @escaping @Sendable () async throws -> Checkpoint?,
        apply: @escaping @Sendable (WorkBatch) async throws -> Void
    ) {
        self.init(kind, connection, options, .batches(resume: resumingAt, apply: apply))
    }

    /// Makes a worker that remembers in a file of its own.
    ///
    /// What it sets in its memory, its place in the log and the article's result are committed together. Where the work
    /// throws, what was set for this article is undone, and it comes again later, after others, until it is a dead letter.
    ///
    /// - Parameters:
    ///   - kind: 1 to 40 of `a-z`, `0-9`, `.`, `_` and `-`.
    ///   - connection: the log and the status service.
    ///   - options: what else there is to say.
    ///   - withdrawn: is told of the articles that are withdrawn.
    ///   - work: the work on one article, on the worker's own thread, where it may take its time.
    public convenience init(
        kind: String, connection: Connection = Connection(), options: WorkerOptions = WorkerOptions(),
        withdrawn: @escaping @Sendable (Withdrawal, WorkerMemory) throws -> Void = { _, _ in },
        remembering work: @escaping @Sendable (WorkItem, WorkerMemory) throws -> WorkResult
    ) {
        self.init(kind, connection, options, .remembering(work: work, withdrawn: withdrawn))
    }

    /// Works until it is drained; a worker runs once.
    ///
    /// What is in hand is finished then, what was only claimed goes back. Cancelling the task drains, too; work that takes
    /// notice of its cancellation and throws `CancellationError` is no failure of its article.
    ///
    /// - Throws: where the worker itself cannot run on. A server that is away is waited for.
    public func run(onSignals signals: SignalHandling = .leave) async throws(WorkerError) {
        let hasRun = state.withLock { state in
            defer { state.hasRun = true }
            return state.hasRun
        }
        precondition(!hasRun, "a worker runs once")
        let result = await withTaskCancellationHandler {
            await Worker.result { [self] in
                let stop = signals == .drain ? try SignalDrain.add { [self] in drain() } : {}
                defer { stop() }
                try await runShape()
            }
        } onCancel: {
            drain()
        }
        try result.get()
    }

    /// Asks the run to end in good order. Safe on any thread, also before it began.
    public func drain() {
        let service = state.withLock { state in
            state.isDraining = true
            return state.service
        }
        service?.drain()
    }

    // MARK: The shapes

    private func runShape() async throws {
        let statePath = try options.statePath(name)
        let lock = try NameLock(path: statePath + ".lock")
        defer { withExtendedLifetime(lock) {} }
        switch shape {
        case .shared(let work, let withdrawn):
            let desk = try Desk<TaskProcessor.Job, TaskProcessor.Outcome>()
            let service = try StatelessWorker(
                context: connection.context(), configuration: configuration(statePath), lease: options.lease
            ) { [kind] in TaskProcessor(kind: kind, desk: desk) }
            try await run(service, desk) { job in
                switch job {
                case .work(let item): return await Worker.outcome { try await work(item) }
                case .withdraw(let withdrawal):
                    await withdrawn(withdrawal)
                    return .success(.ok())
                }
            }
        case .batches(let resume, let apply):
            let desk = try Desk<WorkBatch, Result<Void, any Error>>()
            let service = BatchWorker(
                kind: kind, name: name, connection: connection, options: options, statePath: statePath,
                saved: try await resume(), desk: desk)
            try await run(service, desk) { batch in await Worker.outcome { try await apply(batch) } }
        case .remembering(let work, let withdrawn):
            // Nothing comes over it but the end.
            let desk = try Desk<Void, Void>()
            let service = try StatefulWorker(
                context: connection.context(), configuration: configuration(statePath + ".sqlite")
            ) { [kind] in MemoryProcessor(kind: kind, apply: work, withdraw: withdrawn) }
            try await run(service, desk) { _ in }
        }
    }

    private func configuration(_ statePath: String) -> WorkerConfiguration {
        var configuration = WorkerConfiguration(
            name: name, logEndpoints: connection.log, reportEndpoints: connection.status, topics: options.topics,
            generation: options.generation, statePath: statePath, maximumAttempts: options.maximumAttempts)
        configuration.retryDelay = options.retryDelay
        configuration.discoversLogs = options.discoversLogs
        return configuration
    }

    /// Runs a service on a thread of its own, and does here what it puts on the desk.
    private func run<Job, Outcome>(
        _ service: some Service, _ desk: Desk<Job, Outcome>, _ work: (Job) async -> Outcome
    ) async throws {
        let isDraining = state.withLock { state in
            state.service = service
            return state.isDraining
        }
        if isDraining { return }
        let ending = Ending()
        let thread = try SystemThread(name: name) {
            do { try service.run {} } catch { ending.error.withLock { $0 = error } }
            desk.close()
        }
        while let job = await desk.nextJob() { desk.finish(await work(job)) }
        thread.join()
        if let error = ending.error.withLock({ $0 }) { throw error }
    }

    private final class Ending: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }

    private static func outcome<Value>(_ body: () async throws -> Value) async -> Result<Value, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    private static func result(_ body: () async throws -> Void) async -> Result<Void, WorkerError> {
        do {
            try await body()
            return .success(())
        } catch let error as WorkerError {
            return .failure(error)
        } catch let error as StreamError {
            return .failure(.stream(error))
        } catch {
            return .failure(.system("\(error)"))
        }
    }
}
