import Synchronization
import Telemetry

/// The list of tokens of a running service: read again whenever its file is another one, so that what is removed is
/// refused at once. Safe on any thread.
final class TokenKeeper: Sendable {
    private struct State {
        var list: TokenList
        var mark: TokenFile.Mark?
        var nextLook: ContinuousClock.Instant
        var onRemoval: @Sendable () -> Void = {}
    }

    private let file: TokenFile?
    private let state: Mutex<State>
    private let board: StatusBoard
    private let logger = Logger(label: "http")
    /// How often the file is looked at, at most.
    private static let interval = Duration.seconds(1)

    /// Reads the file; without one there are no tokens.
    init(path: String, board: StatusBoard) throws(TokenProblem) {
        self.board = board
        guard !path.isEmpty else {
            file = nil
            state = Mutex(State(list: TokenList(), nextLook: .now))
            return
        }
        let file = TokenFile(path: path)
        self.file = file
        let mark = file.mark
        state = Mutex(State(list: try file.read(), mark: mark, nextLook: .now + TokenKeeper.interval))
    }

    /// There is a list, be it empty.
    var isConfigured: Bool { file != nil }

    /// The list as it is now.
    var list: TokenList {
        guard let file else { return TokenList() }
        return state.withLock { state in
            let now = ContinuousClock.now
            guard now >= state.nextLook else { return state.list }
            state.nextLook = now + TokenKeeper.interval
            let mark = file.mark
            guard mark != state.mark else { return state.list }
            state.mark = mark
            take(file, &state)
            return state.list
        }
    }

    /// Sets what is done when a token is gone, or may do something else.
    func whenRemoved(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.onRemoval = body } }

    /// Reads the file again now.
    func reload() {
        guard let file else { return }
        state.withLock { state in
            state.mark = file.mark
            take(file, &state)
        }
    }

    /// A list with a mistake changes nothing: nobody is let in by a half of it, nor locked out.
    private func take(_ file: TokenFile, _ state: inout State) {
        do throws(TokenProblem) {
            let list = try file.read()
            let isSomeGone = state.list.entries.contains { !list.entries.contains($0) }
            state.list = list
            if isSomeGone { state.onRemoval() }
            board.setTrouble("tokens", nil)
            logger.notice("The tokens were read again.", [.count: "\(state.list.entries.count)"])
        } catch {
            board.setTrouble("tokens", "the list of tokens was not read again, the old one holds: \(error)")
            logger.error(.tokensNotReloaded, [.error: "\(error)"])
        }
    }
}
