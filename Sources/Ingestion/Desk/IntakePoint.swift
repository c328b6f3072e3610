/// A place in the work where a process may end; tests end it there, in their own process or in the built program.
package enum IntakePoint: String, CaseIterable, Sendable {
    /// A file was taken off the queue; nothing of it is read.
    case afterClaim
    /// A file's content is in memory, and not parsed; of a batch that is read apart, once.
    case afterRead
    /// A batch is read and parsed.
    case afterParse
    /// Records and ledger rows are written, in a transaction that is still open.
    case beforeCommit
    case afterCommit
    case afterPublish
    /// Of one file, or of a batch whose files are disposed of apart.
    case beforeDispose
    case afterDispose
    /// What an operator erased is gone from the database, and told of; its files are still there.
    case afterErasure

    /// Those that files come by.
    package static let ofFiles = allCases.filter { $0 != .afterErasure }
}
