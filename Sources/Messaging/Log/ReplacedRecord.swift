/// A record of a log that has other bytes than it had: what may hold the old ones is to take these.
package struct ReplacedRecord: Sendable, Equatable {
    package let seq: UInt64
    package let bytes: [UInt8]

    /// Makes one.
    package init(seq: UInt64, bytes: [UInt8]) {
        self.seq = seq
        self.bytes = bytes
    }
}
