/// The order of a publisher's versions: by number where both are numbers, else by bytes.
enum Version {
    /// Returns whether `new` replaces `old`: it is later, or equal, or nothing can be said.
    static func replaces(_ new: String?, _ old: String?) -> Bool {
        guard let new, let old else { return true }
        if let new = Double(new), let old = Double(old) { return new >= old }
        // Versions like 2025-02-26T03:27:00Z or v3 are written to sort.
        return !new.utf8.lexicographicallyPrecedes(old.utf8)
    }
}
