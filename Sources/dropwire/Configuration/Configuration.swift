import Messaging
import TOML

/// The configuration of the whole program: directories, and a section a role.
///
/// Every key has a default, which depends on nothing but the two directories; `Config/dropwire.toml` documents them.
struct Configuration: Decodable, Sendable, Equatable {
    /// Where databases live, in a directory a role.
    var stateDirectory: String
    /// Where sockets live, in a directory a role.
    var runtimeDirectory: String
    var watch: WatchSection
    var deduplicate: DeduplicateSection
    var index: IndexSection
    var summarize: SummarizeSection
    var status: StatusSection

    /// Makes the defaults below the two directories.
    ///
    /// - Throws: `Endpoint.Problem` where the runtime directory is too long for the path of a socket.
    init(
        stateDirectory: String = "/var/lib/dropwire", runtimeDirectory: String = "/run/dropwire"
    ) throws(Endpoint.Problem) {
        self.stateDirectory = stateDirectory
        self.runtimeDirectory = runtimeDirectory
        watch = try WatchSection(runtimeDirectory: runtimeDirectory)
        deduplicate = try DeduplicateSection(runtimeDirectory: runtimeDirectory)
        index = try IndexSection(runtimeDirectory: runtimeDirectory)
        summarize = SummarizeSection()
        status = try StatusSection(runtimeDirectory: runtimeDirectory)
    }

    private enum CodingKeys: String, CodingKey {
        case stateDirectory = "state_directory"
        case runtimeDirectory = "runtime_directory"
        case watch, deduplicate, index, summarize, status
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        try self.init()
        stateDirectory = try keys.value(.stateDirectory, default: stateDirectory, check: Configuration.problemOfPath)
        runtimeDirectory = try keys.value(
            .runtimeDirectory, default: runtimeDirectory, check: Configuration.problemOfPath)
        do throws(Endpoint.Problem) {
            try self.init(stateDirectory: stateDirectory, runtimeDirectory: runtimeDirectory)
        } catch {
            try keys.note(.runtimeDirectory, error.description)
        }
        watch = try keys.section(.watch, default: watch) { [watch] in try WatchSection(from: $0, defaults: watch) }
        deduplicate = try keys.section(.deduplicate, default: deduplicate) { [deduplicate] in
            try DeduplicateSection(from: $0, defaults: deduplicate)
        }
        index = try keys.section(.index, default: index) { [index] in try IndexSection(from: $0, defaults: index) }
        summarize = try keys.section(.summarize, default: summarize) { try SummarizeSection(from: $0) }
        status = try keys.section(.status, default: status) { [status] in try StatusSection(from: $0, defaults: status)
        }
    }

    /// Says what is wrong with the path of a directory.
    private static func problemOfPath(_ path: String) -> String? {
        path.hasPrefix("/") ? nil : "must be an absolute path, is \"\(path)\""
    }
}
