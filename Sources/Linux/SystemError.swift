import Glibc

/// An error of a system call: its `errno` and what was being done to what.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The error number (errno(3)).
    package let code: Int32
    /// Operation and object, for example `open '/srv/drop/a.txt'`.
    package let operation: String

    /// Makes an error from an error number.
    package init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }

    /// Makes an error from the calling thread's `errno`.
    package init(operation: String) { self.init(code: errno, operation: operation) }

    /// What was asked for is not there: neither it nor perhaps the folder that it would stand in.
    package var isOfNothing: Bool { code == ENOENT || code == ENOTDIR || code == ELOOP }

    /// The disk or the quota has no room.
    package var isOfFullDisk: Bool { code == ENOSPC || code == EDQUOT }

    package var description: String { "\(operation): \(String(cString: strerror(code)))" }

    /// Runs a system call until it is not interrupted; its result of -1 becomes an error.
    @discardableResult
    package static func check<Result: SignedInteger>(
        _ operation: @autoclosure () -> String, _ call: () -> Result
    ) throws(SystemError) -> Result {
        while true {
            let result = call()
            if result != -1 { return result }
            if errno != EINTR { throw SystemError(operation: operation()) }
        }
    }
}
