/// Why a stream cannot be read on. Nothing is passed over in silence: the caller decides, and goes on with a new stream.
///
/// A server that is away, restarts or is slow is none of these: it is waited for.
@nonexhaustive
public enum StreamError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Records that retention removed before they were read.
    public struct Gap: Sendable, Hashable {
        /// The sequence number of the first record that is lost to this consumer.
        public let firstLost: UInt64
        /// The sequence number of the last one.
        public let lastLost: UInt64
        /// Where to go on, behind the gap.
        public let resume: Cursor
    }

    /// A log that was put back to an earlier state, and has gone on from there.
    public struct Restoration: Sendable, Hashable {
        /// Up to where was read; what follows ``resume`` up to here is not on the log any more, or is something else.
        public let cursor: Cursor
        /// Where to go on.
        public let resume: Cursor
    }

    /// Retention has removed what comes next.
    case gap(Gap)
    /// The log was restored from a backup: records that were read are not on it any more.
    case restored(Restoration)
    /// The log is at a state that does not have the cursor, and nobody has said yet how it came there.
    case diverged(String)
    /// The cursor belongs to another stream than the server has, a UUID's text.
    case otherStream(String)
    /// The server will not answer this request, today or tomorrow: its code and sentence.
    case refused(code: Int, reason: String)
    /// Nothing was heard for as long as the caller has patience.
    case unreachable(String)
    /// The operating system or ZeroMQ failed.
    case system(String)

    /// Where reading can go on, with what is lost left behind; nil where it cannot.
    public var resume: Cursor? {
        switch self {
        case .gap(let gap): gap.resume
        case .restored(let restoration): restoration.resume
        case .diverged, .otherStream, .refused, .unreachable, .system: nil
        }
    }

    /// A sentence for people.
    public var description: String {
        switch self {
        case .gap(let gap):
            "retention has removed the records \(gap.firstLost) to \(gap.lastLost), which were not read; "
                + "go on after '\(gap.resume)' without them"
        case .restored(let restoration):
            "the log was restored: what was read after \(restoration.resume.seq) is not on it any more; "
                + "go on after '\(restoration.resume)'"
        case .diverged(let reason): reason
        case .otherStream(let stream): "the cursor belongs to another stream; the server has '\(stream)'"
        case .refused(let code, let reason): "the server refuses to be read: \(reason) (\(code))"
        case .unreachable(let reason): reason
        case .system(let reason): reason
        }
    }
}
