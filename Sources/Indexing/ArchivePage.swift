/// A part of an export, in the order in which the archive has its articles.
package struct ArchivePage: Sendable {
    /// The records as they stand in the log.
    package var records: [[UInt8]] = []
    /// The number of the last document that was looked at; the next page begins behind it.
    package var last: Int
    /// There is no more.
    package var isEnd = false
}
