package import Articles

/// Which files are asked for; nil asks for any.
package struct FileFilter: Sendable, Equatable {
    package var outcome: FileOutcome?
    package var directory: String?
    /// What its path begins with.
    package var path: String?

    /// Asks for all.
    package init(outcome: FileOutcome? = nil, directory: String? = nil, path: String? = nil) {
        (self.outcome, self.directory, self.path) = (outcome, directory, path)
    }
}
