import Glibc
import TOML

/// A configuration with where it was read.
struct LoadedConfiguration: Sendable {
    /// The file that was named or found; nil where there is none and the defaults hold.
    let path: String?
    /// All files that were read, in order.
    let files: [String]
    let configuration: Configuration
    /// Every key with its value and its place.
    let settings: [Setting]

    /// Reads the file at `path` and what belongs to it; the defaults where it is nil.
    ///
    /// - Throws: `TOMLError` with every problem that was found.
    init(path: String?) throws(TOMLError) {
        self.path = path
        files = try path.map { path throws(TOMLError) in try ConfigurationFiles.paths(for: path) } ?? []
        let document = try files.isEmpty ? TOMLDocument(text: "", name: "") : TOMLDocument(paths: files)
        (configuration, settings) = try document.decodeListing(Configuration.self)
    }

    /// Reads what a command line names, else what is found.
    init(for arguments: ParsedArguments) throws(TOMLError) {
        let candidates = [RunTimeFile.target, Configuration.defaultPath].compactMap { $0 }
        try self.init(
            path: Configuration.path(
                argument: arguments.value("--config"),
                environment: getenv("DROPWIRE_CONFIG").map { String(cString: $0) }, candidates: candidates))
    }
}

extension Configuration {
    /// Reads the file at `path` and what stands in `conf.d` beside it; throws every problem that was found.
    static func load(path: String) throws(TOMLError) -> Configuration {
        try LoadedConfiguration(path: path).configuration
    }

    /// Loads the configuration that a command line names, or the one that is found, or the defaults.
    static func load(for arguments: ParsedArguments) throws(TOMLError) -> Configuration {
        try LoadedConfiguration(for: arguments).configuration
    }
}
