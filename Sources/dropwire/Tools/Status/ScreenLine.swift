import Terminal

/// A line for a terminal, safe to be written there, and how it is to be seen.
struct ScreenLine: Equatable {
    /// What a line says by its look. Nothing is said by colour alone.
    enum Tint {
        case plain, head, good, bad, faint
        /// The line that says which keys there are, and the chosen one.
        case bar
    }

    var text: String
    var tint: Tint

    /// Makes a line; what came from outside is made safe for a terminal.
    init(_ text: String, _ tint: Tint = .plain) {
        self.text = JSONText.terminalSafe(text)
        self.tint = tint
    }

    /// The line, no wider than `width`.
    func cut(to width: Int?) -> ScreenLine {
        guard let width else { return self }
        return ScreenLine(TextWidth.cut(text, to: width), tint)
    }
}
