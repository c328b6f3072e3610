import Synchronization

/// What is wrong; safe on any thread.
final class Findings: Sendable {
    private let state = Mutex<[(what: String, details: [String], count: Int)]>([])
    /// More of a kind are counted only.
    private static let shown = 5

    /// Adds a finding of a kind.
    func add(_ what: String, _ detail: String) {
        state.withLock { findings in
            guard let index = findings.firstIndex(where: { $0.what == what }) else {
                return findings.append((what, [detail], 1))
            }
            findings[index].count += 1
            if findings[index].details.count < Findings.shown { findings[index].details.append(detail) }
        }
    }

    var isEmpty: Bool { state.withLock { $0.isEmpty } }

    /// A line a finding.
    var lines: [String] {
        state.withLock { findings in
            findings.flatMap { finding in
                ["\(finding.what) (\(finding.count))"] + finding.details.map { "    " + $0 }
            }
        }
    }
}
