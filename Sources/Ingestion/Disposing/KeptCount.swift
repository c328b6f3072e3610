import Synchronization

/// What a drop directory keeps, counted as it changes; the ``Housekeeper`` counts it anew now and then. Safe on any
/// thread.
final class KeptCount: Sendable {
    /// The counts.
    struct Numbers {
        /// Bytes in the archive by day; nil until they were counted.
        var archived: [String: Int64]?
        /// What came since the count began.
        fileprivate var added: [String: Int64] = [:]
        /// Files in quarantine; nil until they were counted.
        var quarantined: Int?
        fileprivate var quarantinedSince = 0
        /// Files and bytes that retention has removed since the start.
        var removedFiles = 0
        var removedBytes: Int64 = 0

        /// Bytes in the archive; nil until they were counted.
        var archivedBytes: Int64? { archived.map { $0.values.reduce(0, +) } }
    }

    private let counts = Mutex(Numbers())

    /// The counts as they are now.
    var numbers: Numbers { counts.withLock { $0 } }

    /// Files in quarantine; nil until they were counted.
    var quarantineCount: Int? { counts.withLock { $0.quarantined } }

    /// Files that retention has removed since the start.
    var removedCount: Int { counts.withLock { $0.removedFiles } }

    /// A file was archived.
    func archived(day: String, bytes: Int64) {
        counts.withLock {
            $0.added[day, default: 0] += bytes
            $0.archived?[day, default: 0] += bytes
        }
    }

    /// Files came to the quarantine, or left it.
    func quarantined(_ change: Int) {
        counts.withLock {
            $0.quarantinedSince += change
            if let known = $0.quarantined { $0.quarantined = max(0, known + change) }
        }
    }

    /// Retention removed files of a day.
    func removed(day: String, files: Int, bytes: Int64) {
        counts.withLock {
            $0.removedFiles += files
            $0.removedBytes += bytes
            guard let known = $0.archived?[day] else { return }
            $0.archived?[day] = known > bytes ? known - bytes : nil
        }
    }

    /// Begins to count anew.
    func beginCount() {
        counts.withLock {
            $0.added = [:]
            $0.quarantinedSince = 0
        }
    }

    /// Sets what was counted. What came meanwhile may be counted twice, until the next count: rather so than not at all.
    func endCount(archived: [String: Int64], quarantined: Int) {
        counts.withLock {
            $0.archived = archived.merging($0.added, uniquingKeysWith: +)
            $0.quarantined = max(0, quarantined + $0.quarantinedSince)
        }
    }
}
