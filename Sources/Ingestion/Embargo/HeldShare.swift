import Articles

/// What has become of those articles of one file that were held.
struct HeldShare: Equatable {
    /// Those that are held.
    var held = 0
    /// When the last of them is due, milliseconds since 1970.
    var until: Int64 = 0
    /// Those that were released since.
    var released = 0
    /// Of those, the ones that an operator released before their time.
    var early = 0
    /// Those that a kill or another version took the place of.
    var superseded = 0
    /// What it was that did, the last time.
    var code: ReasonCode?
    var firstSeq: UInt64?
    var lastSeq: UInt64?
    var articleID: ArticleID?

    /// All that were ever held.
    var total: Int { held + released + superseded }
}
