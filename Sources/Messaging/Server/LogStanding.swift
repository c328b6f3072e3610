package import Articles

/// A served log with those who read it, as its process's heartbeat has it: as many of them as there is room for.
package struct LogStanding: Sendable, Equatable, Decodable {
    /// The stream's name for people, for example `articles`.
    package var name: String
    package var stream: StreamID
    package var low: UInt64
    package var head: UInt64
    /// The bytes in use in the log's database, with what stands beside the log.
    package var bytes: Int
    /// The bytes at which no more is taken; nil where there is no such limit.
    package var limitBytes: Int?
    /// The free bytes and the size of the file system that the database lies on; nil where they are not known.
    package var freeBytes: Int64?
    package var fileSystemBytes: Int64?
    /// When the oldest record was committed, milliseconds since 1970; nil for an empty log.
    package var oldest: Int64?
    /// How long records are kept; nil where the process does not say.
    package var retentionSeconds: Int64?
    /// Those that hold retention first, then the others, the furthest behind first.
    package var consumers: [ConsumerStanding]
    /// Those that hold retention first, then those with dead letters, then the furthest behind.
    package var groups: [GroupStanding]
    /// Consumers and groups that are not listed.
    package var others: Int

    /// The most that are listed of each.
    static let limit = 40

    enum CodingKeys: String, CodingKey {
        case name, stream, low, head, bytes, consumers, groups, others
        case limitBytes = "limit_bytes"
        case freeBytes = "free_bytes"
        case fileSystemBytes = "file_system_bytes"
        case oldest = "oldest_ms"
        case retentionSeconds = "retention_s"
    }

    /// Writes it as an object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("stream", stream.description)
        writer.field("low", low)
        writer.field("head", head)
        writer.field("bytes", bytes)
        writer.field("limit_bytes", limitBytes)
        writer.field("free_bytes", freeBytes)
        writer.field("file_system_bytes", fileSystemBytes)
        writer.field("oldest_ms", oldest)
        writer.field("retention_s", retentionSeconds)
        writer.key("consumers")
        writer.beginArray()
        for consumer in consumers { consumer.write(to: &writer) }
        writer.endArray()
        writer.key("groups")
        writer.beginArray()
        for group in groups { group.write(to: &writer) }
        writer.endArray()
        writer.field("others", others)
        writer.endObject()
    }
}
