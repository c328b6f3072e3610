import Articles
import Synchronization

/// Counts what a file expands to, over all containers and mails in it, and says when it is too much.
final class ExpansionBudget: Sendable {
    private struct Spent {
        var bytes = 0
        var members = 0
    }

    private let maximumBytes: Int
    private let maximumMembers: Int
    private let limitName: String
    private let spent = Mutex(Spent())
    private let container: String

    /// Makes it for a file of `size` bytes.
    ///
    /// The limit depends on nothing but the file, so that every reading ends at the same place.
    init(_ rules: ContainerRules, size: Int, container: String) {
        let (product, overflow) = max(0, size).multipliedReportingOverflow(by: rules.maximumExpansion)
        let ratio = overflow ? Int.max : product.addingReportingOverflow(ContainerRules.expansionAllowance).partialValue
        let byRatio = overflow || ratio < 0 ? Int.max : ratio
        maximumBytes = min(byRatio, rules.maximumExpandedBytes)
        maximumMembers = rules.maximumMembers
        limitName =
            byRatio < rules.maximumExpandedBytes
            ? "\(rules.maximumExpansion) times its size (max_expansion)"
            : "\(rules.maximumExpandedBytes) bytes (max_expanded_bytes)"
        self.container = container
    }

    /// Whether a limit was passed.
    var isSpent: Bool { spent.withLock { $0.bytes > maximumBytes || $0.members > maximumMembers } }

    /// Counts bytes that came out of a container.
    func spend(_ count: Int) throws(ParseError) {
        let bytes = spent.withLock {
            $0.bytes += count
            return $0.bytes
        }
        guard bytes <= maximumBytes else {
            throw tooFar(
                "the file expands to more than \(limitName)", "raise the limit of the drop directory and retry")
        }
    }

    /// Counts a member.
    func countMember() throws(ParseError) {
        let members = spent.withLock {
            $0.members += 1
            return $0.members
        }
        guard members <= maximumMembers else {
            throw tooFar(
                "the file has more than \(maximumMembers) members (max_members)",
                "raise the limit of the drop directory and retry")
        }
    }

    private func tooFar(_ message: String, _ hint: String) -> ParseError {
        ParseError(code: .expandsTooFar, format: container, message: message, hint: hint)
    }
}
