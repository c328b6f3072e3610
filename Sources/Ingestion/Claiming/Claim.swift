import Linux

/// A complete file that was taken in hand.
struct Claim {
    let directory: DropDirectory
    /// Reads it, by the directory's configuration at that moment.
    let reader: FileReader
    /// The file, with what belongs to it.
    let next: DropDirectory.Next

    /// Its row, where some of its parts are committed already.
    var open: Ledger.Entry?

    var path: RelativePath { next.path }
    var identity: FileIdentity { next.identity }
}

/// What came of reading a file in hand.
struct ReadFile {
    let claim: Claim
    let result: FileReader.Result
}

/// A file whose records and ledger row are durable.
struct Committed {
    let directory: DropDirectory
    let entry: Ledger.Entry
    let articles: Int
    /// Articles of it are held: another record tells how it ends.
    var isHeld = false
    /// What is to stand beside it in the quarantine; nil where it does not go there.
    let reason: QuarantineReason?
}
