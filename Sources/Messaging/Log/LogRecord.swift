/// A record of a log with its place and its topic: what is published and what FETCH returns.
package struct LogRecord: Sendable, Equatable {
    package let position: Position
    /// The topic, for example `art/reuters/en/`.
    package let topic: String
    /// The JSON object, the same bytes everywhere.
    package let bytes: [UInt8]

    /// Makes a record.
    package init(position: Position, topic: String, bytes: [UInt8]) {
        self.position = position
        self.topic = topic
        self.bytes = bytes
    }

    /// Returns it with other bytes in its place.
    func holding(_ bytes: [UInt8]) -> LogRecord { LogRecord(position: position, topic: topic, bytes: bytes) }
}
