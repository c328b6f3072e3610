import Glibc

/// Draws lines with colours and weights where the terminal and its user want them.
struct Paint {
    /// Lines are drawn with more than their text.
    let isOn: Bool

    /// Makes a painter; `isOn` stands for what ``isWanted`` finds out.
    init(isOn: Bool) { self.isOn = isOn }

    /// Standard output is a terminal that can, and NO_COLOR does not forbid it.
    static var isWanted: Bool {
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        return isatty(1) == 1 && variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
    }

    /// The line as it is written.
    func draw(_ line: ScreenLine) -> String {
        guard isOn, let code = Paint.codes[line.tint] else { return line.text }
        return "\u{1b}[\(code)m\(line.text)\u{1b}[0m"
    }

    private static let codes: [ScreenLine.Tint: String] = [
        .head: "1", .good: "32", .bad: "1;31", .faint: "2", .bar: "7",
    ]
}
