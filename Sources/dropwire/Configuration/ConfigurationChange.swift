import Ingestion
import TOML

/// What differs between two configurations, by the names of keys.
struct ConfigurationChange: Sendable, Equatable, CustomStringConvertible {
    /// A drop directory with the keys that have other values.
    struct Directory: Sendable, Equatable {
        var path: String
        var keys: [String]
    }

    /// Drop directories that are new, and those that are no more.
    var added: [String] = []
    var removed: [String] = []
    /// Drop directories that stay, with other keys.
    var changed: [Directory] = []
    /// Other keys that take effect while the watcher runs.
    var keys: [String] = []
    /// Keys whose values take effect when their process is started again.
    var needsRestart: [String] = []

    /// What takes effect, in a line.
    var description: String {
        let texts =
            added.map { "\($0) added" } + removed.map { "\($0) removed" }
            + changed.map { "\($0.path): \($0.keys.joined(separator: ", "))" } + keys
        guard !texts.isEmpty else { return "none" }
        let more = texts.count > 20 ? "; and \(texts.count - 20) more" : ""
        return texts.prefix(20).joined(separator: "; ") + more
    }

    /// The keys that a watcher takes while it runs, beside those of its drop directories.
    private static let live: Set<String> = ["watch.max_log_bytes", "watch.stream.retention"]
    private static let drops = "watch.drop"

    /// Compares what is read now with what is in force, and with what the process was started with.
    init(from inForce: LoadedConfiguration, to new: LoadedConfiguration, startedWith first: LoadedConfiguration) {
        let before = ConfigurationChange.directories(inForce)
        let now = ConfigurationChange.directories(new)
        added = now.order.filter { before.keys[$0] == nil }
        removed = before.order.filter { now.keys[$0] == nil }
        for path in now.order {
            guard let old = before.keys[path], let keys = now.keys[path] else { continue }
            let different = ConfigurationChange.difference(old, keys)
            if !different.isEmpty { changed.append(Directory(path: path, keys: different)) }
        }
        let plain = ConfigurationChange.plain(new.settings)
        keys = ConfigurationChange.difference(ConfigurationChange.plain(inForce.settings), plain)
            .filter { ConfigurationChange.live.contains($0) }
        needsRestart = ConfigurationChange.difference(ConfigurationChange.plain(first.settings), plain)
            .filter { !ConfigurationChange.live.contains($0) }
    }

    private typealias Values = [(key: String, value: Setting.Value)]

    /// The paths of the drop directories in their order, and the keys of each.
    private static func directories(_ loaded: LoadedConfiguration) -> (order: [String], keys: [String: Values]) {
        let order = loaded.configuration.watch.settings.directories.map(\.path)
        var keys: [String: Values] = [:]
        for setting in loaded.settings {
            guard let member = setting.member(of: drops), member.name != "path" else { continue }
            keys[order[member.index], default: []].append((member.name, setting.value))
        }
        return (order, keys)
    }

    private static func plain(_ settings: [Setting]) -> Values {
        settings.filter { $0.member(of: drops) == nil && $0.key != drops }.map { ($0.key, $0.value) }
    }

    private static func difference(_ before: Values, _ now: Values) -> [String] {
        let old = Dictionary(before) { first, _ in first }
        return now.filter { old[$0.key] != $0.value }.map(\.key)
    }
}
