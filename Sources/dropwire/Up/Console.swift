import Glibc
import Synchronization

/// The terminal that several children share: whole lines, each with its speaker, coloured where it is a terminal.
final class Console: Sendable {
    private let isColoured = isatty(2) == 1 && getenv("NO_COLOR") == nil
    private let width: Int
    private let lock = Mutex<Void>(())
    private static let colours = ["36", "32", "33", "35", "34", "96", "92", "93", "95"]

    /// Makes a console.
    ///
    /// - Parameter speakers: everybody who will speak; the longest name sets the column.
    init(speakers: [String]) { width = speakers.map(\.count).max() ?? 0 }

    /// Writes a line of a child.
    func write(_ line: String, from speaker: String, at index: Int) {
        let name = Help.pad(speaker, to: width)
        let text = JSONText.terminalSafe(line)
        if isColoured {
            write("\u{1b}[\(Console.colours[index % Console.colours.count])m\(name) |\u{1b}[0m \(text)\n")
        } else {
            write("\(name) | \(text)\n")
        }
    }

    /// Writes text of `up` itself.
    func say(_ text: String) { write(text + "\n") }

    /// Text that stands out on a terminal.
    func emphasized(_ text: String) -> String { isColoured ? "\u{1b}[1m\(text)\u{1b}[0m" : text }

    private func write(_ text: String) {
        lock.withLock { _ in Output.errorText(text) }
    }
}
