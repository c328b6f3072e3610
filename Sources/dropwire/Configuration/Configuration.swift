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
    var security = SecuritySection()
    var watch: WatchSection
    /// Watchers elsewhere, `[[upstream]]`.
    var upstreams: [UpstreamSection] = []
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
        case security, watch, deduplicate, index, summarize, status
        case upstreams = "upstream"
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
        security = try keys.section(.security, default: security) { try SecuritySection(from: $0) }
        let reach = security.reach
        watch = try keys.section(.watch, default: watch) { [watch] in
            try WatchSection(from: $0, defaults: watch, within: reach)
        }
        upstreams = try keys.value(.upstreams, default: upstreams)
        deduplicate = try keys.section(.deduplicate, default: deduplicate) { [deduplicate] in
            try DeduplicateSection(from: $0, defaults: deduplicate, within: reach)
        }
        index = try keys.section(.index, default: index) { [index] in
            try IndexSection(from: $0, defaults: index, within: reach)
        }
        summarize = try keys.section(.summarize, default: summarize) { try SummarizeSection(from: $0) }
        status = try keys.section(.status, default: status) { [status] in
            try StatusSection(from: $0, defaults: status, within: reach)
        }
    }

    /// Says what is wrong with the path of a directory.
    private static func problemOfPath(_ path: String) -> String? {
        path.hasPrefix("/") ? nil : "must be an absolute path, is \"\(path)\""
    }
}
