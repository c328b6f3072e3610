import Glibc
import Linux

/// The path of a command line, from the root on.
enum AbsolutePath {
    /// Returns `path` as seen from the root: below the working directory, without `.` and `..`, where it does not begin there.
    ///
    /// Symbolic links are not looked at, and the path need not exist.
    static func of(_ path: String) throws(SystemError) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let current = getcwd(nil, 0) else { throw SystemError(operation: "find the working directory") }
        defer { free(current) }
        var parts = String(cString: current).split(separator: "/")
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
