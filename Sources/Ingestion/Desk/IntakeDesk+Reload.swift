import Linux
import SQLite
import Telemetry

/// Taking a new configuration, between two batches: what is in hand is done by the old one.
extension IntakeDesk {
    /// What of a configuration may change while the process runs.
    struct NewConfiguration: Sendable {
        var directories: [DropDirectoryConfiguration]
        var maximumLogBytes: Int
        var retention: Duration
    }

    /// Takes a configuration; where the store is in trouble, as soon as that is over, and nothing is taken before.
    ///
    /// - Returns: whether it is in force.
    func take(_ configuration: NewConfiguration) throws -> Bool {
        coming = configuration
        return try takeComing()
    }

    /// Takes the configuration that waits, if one does; returns whether none waits any more.
    @discardableResult
    func takeComing() throws -> Bool {
        guard let configuration = coming else { return true }
        guard try store.attempt(now: now, { try apply(configuration) }) else { return false }
        coming = nil
        return true
    }

    private func apply(_ configuration: NewConfiguration) throws {
        // What asks the store comes first: either all of it takes effect or nothing.
        let ids = try store.connection.transaction {
            try configuration.directories.map { try ledger.directory($0.path) }
        }
        try giveBackRead()
        syncDisposals()
        var known = Dictionary(uniqueKeysWithValues: directories.map { ($0.id, $0) })
        let before = Set(known.keys)
        directories = zip(configuration.directories, ids).map { wanted, id in
            if let directory = known[id], directory.change(to: wanted, now: now) {
                known[id] = nil
                return directory
            }
            return DropDirectory(configuration: wanted, id: id, lookout: lookout)
        }
        for (_, directory) in known {
            ledger.noteDurable(directory.takeDeparted())
            streams.remove(from: directory)
            directory.close()
        }
        setHouses()
        applyPauses()
        quarantine.setPaths(directories.map(\.configuration.path))
        store.setLimits(maximumLogBytes: configuration.maximumLogBytes, retention: configuration.retention)
        for (directory, id) in zip(configuration.directories, ids) where !before.contains(id) {
            logger.notice("A drop directory was added.", [.directory: directory.path])
        }
        for id in before.subtracting(ids) {
            logger.notice("A drop directory was removed.", [.directory: known[id]?.configuration.path ?? ""])
        }
    }
}
