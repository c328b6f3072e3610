package import Articles

/// A database with its size, and when it or its file system is full.
package struct StorageStanding: Sendable, Equatable {
    /// `store` for the status service's own, else the name of a log and, where several have it, its process.
    package var name: String
    /// The file, where it is one of this process.
    package var path: String?
    /// The bytes in use.
    package var bytes: Int64
    /// The size that it may have; nil for none.
    package var limit: Int64?
    /// The free bytes of its file system; nil where they are not known.
    package var free: Int64?
    /// The size of its file system; nil where it is not known.
    package var fileSystem: Int64?
    /// The time of its oldest record; nil where it has none, or it is not known.
    package var oldest: Timestamp?
    /// How long records are kept; nil where it is not known.
    package var retentionSeconds: Int64?
    /// How fast it has grown over the last week; nil where too little is known.
    package var bytesPerDay: Int64?
    /// When there is no room any more, as it grows; nil where that is not to be expected.
    package var fullAt: Timestamp?

    /// A forecast within so many milliseconds is a trouble.
    private static let warning: Int64 = 3 * 86_400_000
    /// Less free than this is a trouble on any file system; less than `share` of it is one below `lowShare`.
    private static let low: Int64 = 1 << 30
    private static let lowShare: Int64 = 10 << 30
    private static let share = 0.05

    /// What is wrong, in a sentence; nil where nothing is.
    func trouble(at now: Int64) -> String? {
        if let free, free < StorageStanding.low || isShort(free) {
            return "Only \(free >> 20) MiB are free where '\(name)' lies"
        }
        if let fullAt, fullAt.milliseconds - now < StorageStanding.warning {
            if let limit, limit - bytes <= free ?? .max {
                return "'\(name)' reaches its limit at \(fullAt), as it grows"
            }
            return "There is no room any more where '\(name)' lies at \(fullAt), as it grows"
        }
        return nil
    }

    private func isShort(_ free: Int64) -> Bool {
        guard let fileSystem else { return false }
        return free < StorageStanding.lowShare && Double(free) < Double(fileSystem) * StorageStanding.share
    }

    /// Writes it as an object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.nullable("path", path) { $0.string($1) }
        writer.field("bytes", bytes)
        writer.nullable("limit_bytes", limit) { $0.integer($1) }
        writer.nullable("free_bytes", free) { $0.integer($1) }
        writer.field("oldest", oldest?.description)
        writer.nullable("retention_s", retentionSeconds) { $0.integer($1) }
        writer.field("bytes_per_day", bytesPerDay)
        writer.field("full_at", fullAt?.description)
        writer.endObject()
    }
}

extension JSONWriter {
    /// Writes a member, null for nil: where that says that there is none.
    fileprivate mutating func nullable<Value>(
        _ name: StaticString, _ value: Value?, _ write: (inout JSONWriter, Value) -> Void
    ) {
        key(name)
        if let value { write(&self, value) } else { null() }
    }
}
