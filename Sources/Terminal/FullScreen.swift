import CTerminal
import Glibc

/// The whole screen of the terminal at standard output, on a page of its own, with the keys of standard input as they are
/// pressed. What was on the screen before is there again afterwards, whatever ends the process but SIGKILL.
///
/// There is one a process. ^C, ^Z and ^\ stay signals: who takes them calls ``leave()`` before the process ends or stops,
/// and ``enter()`` when it goes on.
package enum FullScreen {
    // The texts outlive the process's life on the screen: C keeps their addresses.
    private static let begin: StaticString = "\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J"
    private static let end: StaticString = "\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l"

    /// Takes the screen. The corresponding C functions are `tcgetattr` and `tcsetattr`.
    ///
    /// - Returns: whether there is one.
    package static func enter() -> Bool {
        func text(_ text: StaticString) -> UnsafePointer<CChar> {
            UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
        }
        return cterminal_enter(0, 1, text(begin), text(end)) == 0
    }

    /// Gives the screen back.
    package static func leave() { cterminal_leave() }

    /// Returns the keys that were pressed since the last call, without waiting where standard input is ready; nil where
    /// there will be no more.
    package static func keys() -> [Key]? {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = read(0, &bytes, bytes.count)
        if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
        return count == 0 ? nil : Key.read(bytes[..<count])
    }
}
