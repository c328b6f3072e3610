/// Thrown by a processor that breaks off its work since the process was asked to end: the article goes back untouched.
package struct WorkInterrupted: Error, CustomStringConvertible {
    package var description: String { "the process was asked to end" }

    /// Makes it.
    package init() {}
}
