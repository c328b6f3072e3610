import SQLite

/// A store that cannot be read as it should: what is wrong, and what is to be done.
package struct StoreDamage: Error, CustomStringConvertible {
    /// The store's file.
    package let path: String
    /// What SQLite says.
    package let reason: String

    /// Makes one of a sentence.
    package init(path: String, reason: String) { (self.path, self.reason) = (path, reason) }

    /// Makes one of an error; nil where the error says something else.
    package init?(_ error: any Error, path: String) {
        switch error {
        case let damage as StoreDamage: self = damage
        case let error as SQLiteError where error.isCorrupt: self.init(path: path, reason: error.message)
        default: return nil
        }
    }

    package var description: String {
        "the store '\(path)' is damaged (\(reason)): with the status service stopped, `dropwire status --rebuild` makes a "
            + "new one of what can be read, and keeps the old file; check the disk"
    }
}
