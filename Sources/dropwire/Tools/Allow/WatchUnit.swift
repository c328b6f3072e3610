/// The unit of a watcher, with what belongs to it in /etc.
struct WatchUnit: Sendable, Equatable {
    /// Of several watchers on the host the one that is meant; nil for the one without a name.
    let instance: String?

    /// Where systemd reads units that the operator changes.
    static let folder = "/etc/systemd/system"

    /// Makes the unit of an instance.
    ///
    /// - Throws: `UsageError` where the name would have to be escaped.
    init(instance: String?) throws(UsageError) {
        self.instance = instance
        guard let instance else { return }
        let isPlain = instance.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "_.-".utf8.contains(byte)
        }
        guard isPlain, (1...40).contains(instance.utf8.count), instance.first != ".", instance.first != "-" else {
            throw UsageError("--instance is a word of at most 40 letters, digits, _, - and ., not '\(instance)'")
        }
    }

    /// The unit of a folder of drop-ins, by the folder's name; nil where it is another's.
    init?(folder name: String) {
        guard name.hasSuffix(".service.d") else { return nil }
        let stem = name.dropLast(".service.d".count)
        if stem == "dropwire-watch" {
            instance = nil
        } else {
            guard stem.hasPrefix("dropwire-watch@"), let dash = stem.firstIndex(of: "@") else { return nil }
            let named = String(stem[stem.index(after: dash)...])
            guard !named.isEmpty else { return nil }
            instance = named
        }
    }

    private var stem: String { instance.map { "watch@\($0)" } ?? "watch" }

    /// As systemctl calls it.
    var name: String { "dropwire-\(stem).service" }
    /// Where its drop-ins stand.
    var dropIns: String { "\(WatchUnit.folder)/\(name).d" }
    /// The configuration that it reads.
    var configurationPath: String {
        instance == nil ? Configuration.defaultPath : "/etc/dropwire/\(stem)/dropwire.toml"
    }
    /// Where files stand that are read after it.
    var configurationFolder: String { configurationPath.dropLast("dropwire.toml".count) + "conf.d" }
    /// What starts it, now and with the host.
    var enabling: String {
        "systemctl enable --now " + (instance == nil ? "dropwire.target" : "dropwire.target \(name)")
    }

    /// What the configuration of an instance begins with: a place of its own for everything that there is once a host.
    var firstConfiguration: String? {
        guard let instance else { return nil }
        return """
            # The watcher \(instance), one of several on this host: `dropwire watch --config` this file. Tools take it, too.
            state_directory = "/var/lib/dropwire/\(stem)"
            runtime_directory = "/run/dropwire/\(stem)"

            [watch]
            name = "\(instance)"

            # No tcp, which the other watchers have already; workers and the status service find these addresses.
            [watch.stream]
            feed = "ipc:///run/dropwire/\(stem)/watch/feed.sock"
            log = "ipc:///run/dropwire/\(stem)/watch/log.sock"

            # The one status service of the host.
            [status]
            report = "ipc:///run/dropwire/status/report.sock"

            """
    }
}
