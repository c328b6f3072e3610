import Linux
import SQLite
import Telemetry

/// Pauses by the operator: nothing new is taken, what is in hand finishes, and what comes is looked at and counted.
extension IntakeDesk {
    /// Begins or ends the pause of a directory by its path, or of all where it is nil.
    ///
    /// - Throws: ``Intake/PauseRefused`` where nothing was changed.
    func setPause(_ path: String?, _ isPaused: Bool) throws {
        var id: Int64?
        if let path {
            guard let directory = directories.first(where: { $0.configuration.path == path }) else {
                throw Intake.PauseRefused.unknown(path, known: directories.map(\.configuration.path))
            }
            id = directory.id
        }
        let isStored = try store.attempt(now: now) {
            if isPaused { try pauses.begin(id, at: Clocks.wallMilliseconds()) } else { try pauses.end(id) }
        }
        guard isStored else { throw Intake.PauseRefused.notStored(reason: store.trouble ?? "the store is in trouble") }
        logger.notice(
            isPaused ? "Paused by the operator." : "Resumed by the operator.", [.directory: path ?? "all"])
        applyPauses()
    }

    /// Tells every directory whether it is paused.
    func applyPauses() {
        for directory in directories { directory.isPaused = pauses.all != nil || pauses[directory.id] != nil }
    }

    /// Says at the start what is paused since an earlier run: nobody should have to wonder.
    func tellPauses() {
        if pauses.all != nil { logger.notice("Everything is paused by the operator.", [.hint: "dropwire resume"]) }
        for directory in directories where pauses[directory.id] != nil {
            logger.notice(
                "A directory is paused by the operator.",
                [.directory: directory.configuration.path, .hint: "dropwire resume DIR"])
        }
    }
}
