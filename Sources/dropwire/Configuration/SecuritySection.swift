import Linux
import Messaging
import TOML
import ZeroMQ

/// `[security]`: the key of this machine, whom its servers admit, and which servers its clients trust.
struct SecuritySection: Decodable, Sendable, Equatable {
    /// The keys, and the lists of keys.
    var settings = Security.Settings()

    /// From where endpoints may be reached: beyond this machine only with a key.
    var reach: Endpoint.Reach { settings.keyFile.isEmpty && settings.credential.isEmpty ? .machine : .network }

    init() {}

    private enum CodingKeys: String, CodingKey {
        case credential, loopback
        case keyFile = "key_file"
        case authorizedKeys = "authorized_keys"
        case knownServers = "known_servers"
    }

    init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let file = Secret.problem(ofFile:)
        settings.keyFile = try keys.value(.keyFile, default: settings.keyFile, check: file)
        settings.credential = try keys.value(
            .credential, default: settings.credential, check: Secret.problem(ofCredential:))
        if !settings.keyFile.isEmpty, !settings.credential.isEmpty {
            try keys.note(.credential, "the key comes from key_file already")
        }
        settings.authorizedKeys = try keys.value(.authorizedKeys, default: settings.authorizedKeys, check: file)
        settings.knownServers = try keys.value(.knownServers, default: settings.knownServers, check: file)
        settings.loopback = try keys.value(.loopback, default: settings.loopback)
        if settings.loopback == .keys, reach == .machine {
            try keys.note(.loopback, "\"keys\" needs a key: set key_file")
        }
    }
}

extension Configuration {
    /// Makes the context of a process, with its keys.
    func makeContext() throws -> Context { try Context(Security(security.settings)) }
}
