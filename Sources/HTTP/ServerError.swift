/// Why a server could not start: `listen on 127.0.0.1:8470: Address already in use`.
package struct ServerError: Error, Equatable, CustomStringConvertible {
    /// What was being done.
    package let operation: String
    /// The cause, in the system's words where it has some.
    package let cause: String
    /// The system's error code, 0 where there is none.
    package let code: Int32

    package var description: String { "\(operation): \(cause)" }
}
