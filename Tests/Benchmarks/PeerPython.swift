import Glibc
import Linux

/// The Python that what is compared with runs in: the one that `--python` names, or with `--install-peers` one made in
/// the scratch directory, with the peer from PyPI.
enum PeerPython {
    /// Returns a Python that can import a package; nil where it has none.
    static func program(with package: String, in workspace: Workspace) throws -> String? {
        let given = workspace.options.python
        if try run([given, "-c", "import \(package)"]) != nil { return given }
        guard workspace.options.installsPeers else { return nil }
        let made = "\(workspace.path)/python"
        let program = "\(made)/bin/python3"
        if access(program, X_OK) != 0, try run([given, "-m", "venv", made]) == nil {
            throw BenchmarkFailure("'\(given)' cannot make an environment (venv) in '\(made)'")
        }
        guard try run([program, "-m", "pip", "--quiet", "install", package]) != nil else {
            throw BenchmarkFailure("pip cannot install '\(package)' in '\(made)'")
        }
        return program
    }

    /// Runs a command and returns its output; nil where it fails.
    static func run(_ command: [String]) throws -> String? {
        let child = try ChildProcess(path: "/usr/bin/env", arguments: command, errorOutput: .inherited)
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(child.output, &buffer, buffer.count), count > 0 { output += buffer[..<count] }
        return child.wait() == .exited(0) ? String(decoding: output, as: UTF8.self) : nil
    }
}
