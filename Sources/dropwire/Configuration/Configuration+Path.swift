import Glibc

extension Configuration {
    /// The path that is read where nobody names one.
    static let defaultPath = "/etc/dropwire/dropwire.toml"

    /// Returns the file to read: what was named, by argument or environment, else the first that is there.
    ///
    /// - Parameters:
    ///   - argument: of `--config`.
    ///   - environment: of `DROPWIRE_CONFIG`; empty counts as not set.
    ///   - candidates: the file of a running `dropwire up` first, then the installed one.
    /// - Returns: nil where nothing is named and nothing is there: the defaults hold.
    static func path(
        argument: String?, environment: String?, candidates: [String] = [Configuration.defaultPath]
    ) -> String? {
        // What is named must be there: reading it fails otherwise. An unreadable candidate fails in the same way.
        if let argument { return argument }
        if let environment, !environment.isEmpty { return environment }
        return candidates.first { access($0, F_OK) == 0 }
    }
}
