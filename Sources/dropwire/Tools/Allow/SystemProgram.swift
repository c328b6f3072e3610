import Glibc
import Linux

/// A program of the system that is run to its end.
struct SystemProgram {
    /// How it ended.
    let ending: ChildProcess.Ending
    /// What it wrote to standard output.
    let output: String
    /// What it wrote to standard error.
    let errorOutput: String

    /// It ended with code 0.
    var isDone: Bool { ending == .exited(0) }

    /// More is not kept of what a program says.
    private static let most = 1 << 20

    /// Runs a program by its path, in the C locale.
    static func run(_ command: [String]) throws(SystemError) -> SystemProgram {
        let child = try ChildProcess(
            path: command[0], arguments: Array(command.dropFirst()), environment: ["LC_ALL": "C"])
        var texts: [Int32: [UInt8]] = [child.output: [], child.errorOutput: []]
        var open = Set(texts.keys)
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !open.isEmpty {
            for descriptor in Poll.readable(Array(open), timeout: nil) {
                let count = read(descriptor, &buffer, buffer.count)
                if count == -1, errno == EINTR { continue }
                if count <= 0 { open.remove(descriptor) }
                if count > 0, texts[descriptor]!.count < most { texts[descriptor]! += buffer[..<count] }
            }
        }
        func text(_ descriptor: Int32) -> String { String(decoding: texts[descriptor]!, as: UTF8.self) }
        return SystemProgram(
            ending: child.wait(), output: text(child.output), errorOutput: text(child.errorOutput))
    }
}
