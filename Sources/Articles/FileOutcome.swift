/// What became of a completely dropped file. Every one ends in exactly one of these; ``held`` is on the way to it.
public enum FileOutcome: String, Sendable, Codable, CaseIterable {
    /// Every article in it is on the log.
    case published
    /// Good articles are on the log, bad parts are quarantined.
    case partial
    /// Some of its articles wait for the end of their embargo; another record follows when none of them does any more.
    case held
    /// The same content was dropped before.
    case duplicate
    /// Well-formed, without news.
    case ignored
    /// Nothing could be taken from it; it lies in the quarantine with its reason.
    case quarantined
    /// An operator gave it up.
    case discarded
}
