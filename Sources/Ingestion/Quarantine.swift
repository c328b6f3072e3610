import Glibc
import Linux
import Synchronization

/// The quarantines of all drop directories, for the operator: what lies there and why, and its way back. Safe on any thread.
package final class Quarantine: Sendable {
    private let paths: [String]
    /// How often a file that was dropped again had been tried, by directory and path.
    private let attempts = Mutex<[String: Int]>([:])

    /// Makes it for drop directories, by their paths.
    package init(paths: [String]) { self.paths = paths }

    /// What ``retry(_:)`` did.
    package struct Retried: Sendable {
        /// Paths that were dropped again.
        package var retried: [String] = []
        /// Paths that are not in any quarantine.
        package var missing: [String] = []
        /// Paths that could not be moved, each with why.
        package var failed: [String] = []
    }

    /// Lists every quarantined file with its reason and its drop directory.
    package func list() throws -> [(directory: String, reason: QuarantineReason)] {
        var found: [(directory: String, reason: QuarantineReason)] = []
        for path in paths {
            // A directory that is away has nothing to show; the watcher says so elsewhere.
            guard let root = try? Directory(path: path), try root.status(of: Disposal.quarantine) != nil else {
                continue
            }
            try collect(root.directory(Disposal.quarantine)) { found.append((path, $0)) }
        }
        return found.sorted { ($0.reason.time, $0.reason.path) < ($1.reason.time, $1.reason.path) }
    }

    /// Drops quarantined files again, by their paths as ``list()`` has them; nil takes all.
    package func retry(_ names: [String]?) throws -> Retried {
        var result = Retried()
        let all = try list()
        let wanted = all.filter { names?.contains($0.reason.path) ?? true }
        result.missing = (names ?? []).filter { name in !all.contains { $0.reason.path == name } }
        for (directory, reason) in wanted {
            do {
                try dropAgain(directory, reason)
                result.retried.append(reason.path)
            } catch {
                result.failed.append("\(reason.path): \(error)")
            }
        }
        return result
    }

    /// How often a file was tried before it was dropped again; 0 for a new one. Asked once a file.
    func previousAttempts(_ directory: String, _ path: RelativePath) -> Int {
        attempts.withLock { $0.removeValue(forKey: "\(directory)\u{0}\(path)") } ?? 0
    }

    private func dropAgain(_ directory: String, _ reason: QuarantineReason) throws {
        let root = try Directory(path: directory)
        let path = reason.relativePath
        let folder = try root.directory(
            path.parent.map { Disposal.quarantine.appending($0.bytes) } ?? Disposal.quarantine)
        let name = RelativePath(bytes: path.name)
        if let parent = path.parent { _ = try root.makeDirectory(parent) }
        let key = "\(directory)\u{0}\(path)"
        attempts.withLock { attempts in
            // Bounded: what is forgotten only starts its count again.
            if attempts.count > 100_000 { attempts.removeAll() }
            attempts[key] = reason.attempts
        }
        try folder.rename(name, to: root, path)
        try folder.remove(QuarantineReason.name(for: name))
    }

    private func collect(_ folder: Directory, _ body: (QuarantineReason) -> Void) throws {
        let suffix = Array(".reason.json".utf8)
        for entry in try folder.entries() {
            let name = RelativePath(bytes: entry.name)
            if try (entry.kind ?? folder.status(of: name)?.kind) == .directory {
                try collect(folder.directory(name), body)
            } else if entry.name.suffix(suffix.count).elementsEqual(suffix) {
                QuarantineReason.read(from: folder, named: name).map(body)
            }
        }
    }
}
