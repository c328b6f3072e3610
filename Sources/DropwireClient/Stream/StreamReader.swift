import Linux
import Messaging
import Synchronization
import ZeroMQ

/// Reads a log on a thread of its own for one iteration: one batch waits in memory, and the next is asked for only when
/// that was taken.
final class StreamReader: Sendable {
    private typealias Answer = Result<Batch?, StreamError>

    private struct State {
        var bell: WakeUp?
        var buffer: Batch?
        var waiter: CheckedContinuation<Answer, Never>?
        var failure: StreamError?
        var hasEnded = false
        var isStopped = false
        var committed: UInt64 = 0
    }

    private let stream: ArticleStream
    private let state = Mutex(State())

    init(_ stream: ArticleStream) { self.stream = stream }

    /// Returns the next batch, waiting for it; nil where the task was cancelled, and after a failure was thrown.
    func next(isolation actor: isolated (any Actor)?) async throws(StreamError) -> Batch? {
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { take($0) }
        } onCancel: {
            stop()
        }
        return try answer.get()
    }

    /// Ends the reading; who waits gets nil.
    func stop() {
        let (waiter, bell) = state.withLock { state in
            state.isStopped = true
            state.buffer = nil
            defer { state.waiter = nil }
            return (state.waiter, state.bell)
        }
        waiter?.resume(returning: .success(nil))
        bell?.ring()
    }

    /// Lets the log know how far the consumer is.
    func commit(_ seq: UInt64) {
        guard stream.consumer != nil else { return }
        let bell = state.withLock { state in
            state.committed = max(state.committed, seq)
            return state.bell
        }
        bell?.ring()
    }

    private func take(_ continuation: CheckedContinuation<Answer, Never>) {
        let (answer, bell) = state.withLock { state -> (Answer?, WakeUp?) in
            precondition(state.waiter == nil, "one iterator serves one task at a time")
            if state.isStopped { return (.success(nil), nil) }
            if let batch = state.buffer {
                state.buffer = nil
                return (.success(batch), state.bell)
            }
            if state.hasEnded {
                defer { state.failure = nil }
                return (state.failure.map { .failure($0) } ?? .success(nil), nil)
            }
            do {
                if state.bell == nil { state.bell = try start() }
            } catch {
                state.hasEnded = true
                return (.failure(.system("\(error)")), nil)
            }
            state.waiter = continuation
            return (nil, state.bell)
        }
        bell?.ring()
        if let answer { continuation.resume(returning: answer) }
    }

    // MARK: The thread

    private func start() throws -> WakeUp {
        let bell = try WakeUp()
        try SystemThread(name: "article-stream") { [self] in
            do throws(StreamError) {
                try read(bell)
                end(nil)
            } catch {
                end(error)
            }
        }.detach()
        return bell
    }

    private func read(_ bell: WakeUp) throws(StreamError) {
        do {
            let follower = StreamFollower(stream, context: try stream.connection.context())
            var trouble: String?
            func tell() {
                guard follower.trouble != trouble else { return }
                trouble = follower.trouble
                stream.onTrouble?(trouble)
            }
            while true {
                let (isStopped, hasRoom, committed) = state.withLock { ($0.isStopped, $0.buffer == nil, $0.committed) }
                if isStopped { return }
                try follower.requestIfPossible(isWanted: hasRoom)
                try follower.commit(committed)
                tell()
                let entries = follower.readable + [PollEntry(descriptor: bell.descriptor)]
                _ = try Poller.poll(entries, timeout: follower.untilDue)
                bell.silence()
                while let reply = try follower.receive() {
                    tell()
                    put(Batch(reply, reader: self))
                }
            }
        } catch let error as StreamError {
            throw error
        } catch {
            throw .system("\(error)")
        }
    }

    private func put(_ batch: Batch) {
        let waiter = state.withLock { state in
            // A FETCH is sent only while the buffer is empty, and one at a time.
            if state.waiter == nil, !state.isStopped { state.buffer = batch }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: .success(batch))
    }

    private func end(_ failure: StreamError?) {
        let waiter = state.withLock { state in
            state.hasEnded = true
            state.failure = state.waiter == nil ? failure : nil
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: failure.map { .failure($0) } ?? .success(nil))
    }
}
