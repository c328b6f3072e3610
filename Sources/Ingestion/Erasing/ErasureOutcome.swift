/// What an erasure has done in the watcher's own places.
package struct ErasureOutcome: Sendable {
    /// Its number in the book.
    package var number: Int64 = 0
    /// The records in whose places a `gone` stands.
    package var seqs: [UInt64] = []
    /// Where those stand that tell of it at the end of the log; nil where nobody has to be told.
    package var told: ClosedRange<UInt64>?
    /// Articles that were held until their embargo ended.
    package var held = 0
    /// Files that were removed.
    package var removed: [ErasedFile] = []
    /// Files that stay, and why.
    package var kept: [ErasedFile] = []
    /// The words are gone from the database's files, too, and not only from its answers.
    package var isScrubbed = true
}
