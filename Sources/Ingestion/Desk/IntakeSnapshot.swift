package import Messaging

/// What the intake says of itself, for the status service and for `up --once`.
package struct IntakeSnapshot: Sendable {
    /// One drop directory.
    package struct Directory: Sendable {
        package var path: String
        package var source: String
        package var waiting = 0
        package var settling = 0
        /// Files that wait for a marker or a checksum, by the last listings.
        package var unaccompanied = 0
        package var blocked = 0
        /// Files that are done and stay where they are.
        package var left = 0
        /// Files that lie in its quarantine; nil until they were counted.
        package var quarantined: Int?
        /// Folders in it that cannot be read, and why one of them cannot; the others go on.
        package var unreadable = 0
        package var unreadableReason: String?
        /// Why nothing is taken from it; nil where all is well.
        package var trouble: String?
        /// Since when the operator lets nothing be taken from it, milliseconds since 1970; nil where that is not so.
        package var pausedSince: Int64?
        /// When the oldest file that waits was last changed, milliseconds since 1970; nil where none waits.
        package var oldestWaitingMilliseconds: Int64?
        /// Where its archive stands.
        package var archivePath = ""
        /// Files that retention has removed from its archive since the start.
        package var archiveRemoved = 0
        package var priority = 0
        /// What was taken over the last minute.
        package var filesPerSecond = 0.0
        package var bytesPerSecond = 0.0
    }

    package var directories: [Directory] = []
    /// Every directory was scanned at least once, or is paused.
    package var isFirstScanDone = false
    /// Files that were claimed and are not committed yet.
    package var inHand = 0
    /// Files by outcome since the start.
    package var outcomes: [String: Int] = [:]
    package var articles = 0
    /// Articles that are held until their embargo ends.
    package var held = 0
    /// When the next of them is due, milliseconds since 1970; nil where none is held.
    package var nextRelease: Int64?
    /// Names that are no regular files.
    package var irregular = 0
    /// Why nothing at all is taken; nil where all is well.
    package var trouble: String?
    /// Since when the operator lets nothing at all be taken, milliseconds since 1970; nil where that is not so.
    package var pausedSince: Int64?
    /// Files that wait for the operator, as they are complete and nothing is taken from their directories.
    package var pausedFiles: Int {
        directories.reduce(0) { $0 + (pausedSince != nil || $1.pausedSince != nil ? $1.waiting : 0) }
    }
    /// The end of the log; nil before the first look.
    package var end: Cursor?
    /// When it was taken, milliseconds since 1970.
    package var timeMilliseconds: Int64 = 0
}
