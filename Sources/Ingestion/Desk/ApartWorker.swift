import Linux
import Synchronization

/// Works on a thread of its own, one piece at a time, while its owner does something else.
///
/// Between ``begin(_:)`` and ``finish()`` nobody else uses what the piece refers to.
final class ApartWorker<Input, Output> {
    /// The piece goes to the thread and comes back: it has one user at a time, which the two bells see to.
    private struct Piece: @unchecked Sendable {
        var input: Input?
        var output: Output?
    }

    private final class Desk: Sendable {
        let piece = Mutex(Piece())
        let isEnding = Atomic<Bool>(false)
        let begun: WakeUp
        let done: WakeUp

        init() throws(SystemError) {
            begun = try WakeUp()
            done = try WakeUp()
        }

        func run(_ work: (Input) -> Output) {
            while true {
                _ = Poll.readable([begun.descriptor], timeout: nil)
                guard begun.silence() else { continue }
                if isEnding.load(ordering: .relaxed) { return }
                var piece = piece.withLock { $0 }
                if let input = piece.input { piece.output = work(input) }
                piece.input = nil
                self.piece.withLock { $0 = piece }
                done.ring()
            }
        }
    }

    private let desk: Desk
    private let thread: SystemThread
    /// It has a piece.
    private(set) var isBusy = false

    /// Starts the thread.
    init(name: String, _ work: @escaping @Sendable (Input) -> Output) throws(SystemError) {
        let desk = try Desk()
        self.desk = desk
        thread = try SystemThread(name: name) { desk.run(work) }
    }

    deinit {
        _ = finish()
        desk.isEnding.store(true, ordering: .relaxed)
        desk.begun.ring()
        thread.join()
    }

    /// Tells when the piece is done.
    var descriptor: Int32 { desk.done.descriptor }

    /// The piece is done, and waits to be fetched.
    var isDone: Bool { isBusy && !Poll.readable([desk.done.descriptor], timeout: .zero).isEmpty }

    /// Begins with a piece.
    func begin(_ input: Input) {
        precondition(!isBusy, "the last piece was not finished")
        isBusy = true
        let piece = Piece(input: input)
        desk.piece.withLock { $0 = piece }
        desk.begun.ring()
    }

    /// Waits for the end of the piece; returns what came of it, nil where there is none.
    func finish() -> Output? {
        guard isBusy else { return nil }
        while !desk.done.silence() { _ = Poll.readable([desk.done.descriptor], timeout: nil) }
        isBusy = false
        let piece = desk.piece.withLock { piece in
            defer { piece = Piece() }
            return piece
        }
        return piece.output
    }
}
