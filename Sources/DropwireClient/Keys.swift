import Glibc
import Messaging

/// The key of a program, and those of the servers that it connects to: for a Dropwire on another machine.
///
/// `dropwire keygen FILE` makes a key. The operator of the server writes its public half into `authorized_keys`, with the
/// roles `feed`, `log`, `claim` and `report` as the program needs them.
public struct Keys: Sendable, Equatable {
    /// The file with the program's secret key; nobody but its owner may read it.
    public var keyFile: String
    /// The file with the public keys of servers: a line `HOST KEY` or `HOST:PORT KEY` each.
    public var knownServers: String

    /// Names the two files.
    public init(keyFile: String, knownServers: String) {
        self.keyFile = keyFile
        self.knownServers = knownServers
    }

    /// What `DROPWIRE_KEY` and `DROPWIRE_KNOWN_SERVERS` name; nil where one of them is not set.
    static var ofEnvironment: Keys? {
        guard let keyFile = getenv("DROPWIRE_KEY"), let knownServers = getenv("DROPWIRE_KNOWN_SERVERS") else {
            return nil
        }
        return Keys(keyFile: String(cString: keyFile), knownServers: String(cString: knownServers))
    }

    var settings: Security.Settings {
        var settings = Security.Settings()
        settings.keyFile = keyFile
        settings.knownServers = knownServers
        return settings
    }
}
