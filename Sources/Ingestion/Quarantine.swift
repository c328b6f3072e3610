import Glibc
import Linux
import Synchronization

/// The quarantines of all drop directories, for the operator: what lies there and why, and its way back. Safe on any thread.
package final class Quarantine: Sendable {
    private let known: Mutex<[String]>
    /// How often a file that was dropped again had been tried, by directory and path.
    private let attempts = Mutex<[String: Int]>([:])

    /// Makes it for drop directories, by their paths.
    package init(paths: [String]) { known = Mutex(paths) }

    /// Says anew which drop directories there are.
    func setPaths(_ paths: [String]) { known.withLock { $0 = paths } }

    private var paths: [String] { known.withLock { $0 } }

    /// What ``retry(_:)`` did.
    package struct Retried: Sendable {
        /// Names that were dropped again.
        package var retried: [String] = []
        /// Names that are not in any quarantine.
        package var missing: [String] = []
        /// Names that could not be moved, each with why.
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

    /// Drops quarantined files again, by their names as ``list()`` has them; nil takes all.
    package func retry(_ names: [String]?) throws -> Retried {
        var result = Retried()
        let all = try list()
        let wanted = all.filter { names?.contains($0.reason.name) ?? true }
        result.missing = (names ?? []).filter { name in !all.contains { $0.reason.name == name } }
        for (directory, reason) in wanted {
            do {
                try dropAgain(directory, reason)
                result.retried.append(reason.name)
            } catch {
                result.failed.append("\(reason.name): \(error)")
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
        let stored = reason.storedPath
        let folder = try root.directory(
            stored.parent.map { Disposal.quarantine.appending($0.bytes) } ?? Disposal.quarantine)
        let name = stored.lastPart
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
        for entry in try folder.entries() {
            if try (entry.kind ?? folder.status(of: entry.name)?.kind) == .directory {
                try collect(folder.directory(entry.name), body)
            } else if QuarantineReason.isName(entry.name),
                let reason = QuarantineReason.read(from: folder, named: entry.name),
                // One whose file is gone stands for nothing any more.
                try folder.status(of: reason.storedPath.lastPart) != nil
            {
                body(reason)
            }
        }
    }
}
