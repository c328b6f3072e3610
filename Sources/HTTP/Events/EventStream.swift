import CMicroHTTPD
import Glibc
import Synchronization

/// A reply that stays open (`text/event-stream`): whoever has it sends to the client from any thread.
///
/// A handler returns it by ``Response/events(_:)``. While there is nothing to send the connection costs neither a
/// thread nor time: the corresponding C functions are `MHD_suspend_connection` and `MHD_resume_connection`.
///
/// What a client does not take is kept up to a limit. Beyond it the client is cut off: it connects again by itself and
/// gets a snapshot, whereas one that silently misses something would show what is not so.
package final class EventStream: Sendable, Equatable {
    private struct State {
        /// What waits to be taken, the first from `offset` on.
        var pieces: [[UInt8]] = []
        var first = 0
        var offset = 0
        var bytes = 0
        /// Nothing is added any more.
        var isFinished = false
        /// More was sent than the client took.
        var isOverrun = false
        /// The connection is gone.
        var isGone = false
        var connection: Connection?
        /// The connection of libmicrohttpd while it sleeps. It may be woken once, and only while it sleeps.
        var sleeping: Sleeping?
        var lastSend: ContinuousClock.Instant?
    }

    private struct Sleeping: @unchecked Sendable { let handle: OpaquePointer }

    /// The most bytes that are kept for a client that does not take them.
    package let bufferLimit: Int
    private let state = Mutex(State())
    private let ended: @Sendable () -> Void

    /// Makes a stream for one client.
    ///
    /// - Parameters:
    ///   - bufferLimit: the most bytes that are kept for a client that does not take them.
    ///   - ended: called once when the client is gone, by whichever side; on a thread of the server.
    package init(bufferLimit: Int = 256 << 10, ended: @escaping @Sendable () -> Void = {}) {
        self.bufferLimit = bufferLimit
        self.ended = ended
    }

    package static func == (left: EventStream, right: EventStream) -> Bool { left === right }

    /// The client is still there, as far as is known, and may be sent to.
    package var isOpen: Bool { state.withLock { !$0.isFinished && !$0.isOverrun && !$0.isGone } }

    /// The bytes that the client has yet to take.
    package var waitingBytes: Int { state.withLock { $0.bytes } }

    /// Sends bytes of ``ServerSentEvent``; returns false where the client is gone, or is cut off for what it has not
    /// taken.
    ///
    /// The bytes are not copied: the same array may be sent to many.
    @discardableResult
    package func send(_ bytes: [UInt8]) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard !state.isFinished, !state.isOverrun, !state.isGone else { return false }
            guard !bytes.isEmpty else { return true }
            guard state.bytes + bytes.count <= bufferLimit else {
                state.isOverrun = true
                state.pieces = []
                state.bytes = 0
                // libmicrohttpd may be waiting for the client's socket and ask for nothing more.
                state.connection?.cut()
                wake(&state)
                return false
            }
            state.pieces.append(bytes)
            state.bytes += bytes.count
            state.lastSend = now
            wake(&state)
            return true
        }
    }

    /// Ends the reply after what has been sent; the client sees a complete one.
    package func finish() {
        state.withLock { state in
            state.isFinished = true
            wake(&state)
        }
    }

    // MARK: For the server

    /// Takes hold of the connection; returns false where the stream has one already.
    func attach(to connection: Connection) -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            guard state.connection == nil, !state.isGone else { return false }
            state.connection = connection
            state.lastSend = now
            return true
        }
    }

    /// Sends a comment where nothing has been sent for long: a client that is gone is found out by sending.
    func beat(at now: ContinuousClock.Instant, interval: Duration) {
        let isDue = state.withLock { state in
            // What has not been taken yet says as much.
            guard state.bytes == 0, let last = state.lastSend else { return false }
            return now - last >= interval
        }
        if isDue { send(EventStream.comment) }
    }

    /// Hands out bytes that wait, or lets the connection sleep; the corresponding C type is
    /// `MHD_ContentReaderCallback`.
    func read(into buffer: UnsafeMutableRawBufferPointer, handle: OpaquePointer) -> Int {
        let sleeping = Sleeping(handle: handle)
        nonisolated(unsafe) let buffer = buffer
        return state.withLock { state in
            if state.isOverrun { return Int(MHD_CONTENT_READER_END_WITH_ERROR) }
            guard state.bytes > 0 else {
                if state.isFinished { return Int(MHD_CONTENT_READER_END_OF_STREAM) }
                // Under the lock: whoever sends from now on finds it asleep.
                MHD_suspend_connection(handle)
                state.sleeping = sleeping
                return 0
            }
            var written = 0
            while written < buffer.count, state.first < state.pieces.count {
                let piece = state.pieces[state.first]
                let count = min(piece.count - state.offset, buffer.count - written)
                piece.withUnsafeBytes { bytes in
                    buffer.baseAddress?.advanced(by: written).copyMemory(
                        from: bytes.baseAddress! + state.offset, byteCount: count)
                }
                written += count
                state.offset += count
                guard state.offset == piece.count else { continue }
                state.pieces[state.first] = []
                state.first += 1
                state.offset = 0
            }
            state.bytes -= written
            if state.first == state.pieces.count || state.first >= 64 {
                state.pieces.removeFirst(state.first)
                state.first = 0
            }
            return written
        }
    }

    /// The connection is gone.
    func end() {
        let isFirst = state.withLock { state in
            guard !state.isGone else { return false }
            state.isGone = true
            state.pieces = []
            state.bytes = 0
            state.sleeping = nil
            state.connection = nil
            return true
        }
        if isFirst { ended() }
    }

    private func wake(_ state: inout sending State) {
        guard let sleeping = state.sleeping else { return }
        state.sleeping = nil
        MHD_resume_connection(sleeping.handle)
    }

    private static let comment: [UInt8] = Array(":\n\n".utf8)
}
