import Articles

/// State that a later version of the program wrote: this one leaves it as it is.
///
/// A process that meets it ends with the exit code of a wrong configuration, with which no unit is started again.
package struct NewerState: Error, Equatable, CustomStringConvertible {
    /// What is meant: "the ledger".
    package let name: String
    /// Its file.
    package let path: String
    /// The version that it has.
    package let version: Int64
    /// The latest version that this program knows.
    package let known: Int64

    /// Makes one.
    package init(name: String, path: String, version: Int64, known: Int64) {
        self.name = name
        self.path = path
        self.version = version
        self.known = known
    }

    package var description: String {
        "open \(name) in '\(path)': a later version of dropwire wrote it in version \(version), and this one "
            + "(\(Version.text)) knows \(known == 1 ? "version 1 only" : "versions up to \(known)"): install the later "
            + "one again, or put back a backup from before the upgrade (dropwire restore)"
    }
}
