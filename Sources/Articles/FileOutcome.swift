/// What became of a completely dropped file. Every one ends in exactly one of these.
package enum FileOutcome: String, Sendable, Codable, CaseIterable {
    /// Every article in it is on the log.
    case published
    /// Good articles are on the log, bad parts are quarantined.
    case partial
    /// The same content was dropped before.
    case duplicate
    /// Well-formed, without news.
    case ignored
    /// Nothing could be taken from it; it lies in the quarantine with its reason.
    case quarantined
    /// An operator gave it up.
    case discarded
}
