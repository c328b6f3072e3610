import Articles
import Formats
import Linux
import Telemetry

/// Reading: files in hand become what is committed, on a thread of its own where there are many, so that the store
/// commits one batch while the next one is read.
final class ReadingDesk {
    private let worker: ApartWorker<[Claim], [ReadFile]>
    private let room: Room
    private let onPoint: ((IntakePoint) throws -> Void)?

    init(_ options: Intake.Options, onPoint: ((IntakePoint) throws -> Void)?) throws {
        let room = Room(
            note: try InHandNote(path: options.statePath + "/in-hand"), parseApart: options.parseApart)
        self.room = room
        self.onPoint = onPoint
        worker = try ApartWorker(name: "reader") { claims in
            // It throws only what a step throws, and there are none.
            (try? room.read(claims, onRead: nil)) ?? []
        }
    }

    /// A batch is being read.
    var isBusy: Bool { worker.isBusy }

    /// Reads files here and now.
    func read(_ claims: [Claim]) throws -> [ReadFile] {
        let files = try room.read(claims, onRead: onPoint.map { onPoint in { try onPoint(.afterRead) } })
        try onPoint?(.afterParse)
        return files
    }

    /// Begins to read files apart.
    func begin(_ claims: [Claim]) { worker.begin(claims) }

    /// Waits for the files that are read apart; nil where there are none.
    func finish() throws -> [ReadFile]? {
        guard let files = worker.finish() else { return nil }
        try onPoint?(.afterRead)
        try onPoint?(.afterParse)
        return files
    }

    /// What reads, here or apart, never both at once: that is seen to by the desk, which begins and finishes.
    private final class Room: @unchecked Sendable {
        private let note: InHandNote
        private var suspect: InHandNote.Suspect?
        private let parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?
        private let logger = Logger(label: "intake")

        init(note: InHandNote, parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?) {
            self.note = note
            self.parseApart = parseApart
            suspect = note.suspect
        }

        func read(_ claims: [Claim], onRead: (() throws -> Void)?) throws -> [ReadFile] {
            var files: [ReadFile] = []
            files.reserveCapacity(claims.count)
            // What stops one file of a directory stops the others: they are not tried in vain.
            var stopped: [Int64: Trouble] = [:]
            for claim in claims {
                if let trouble = stopped[claim.directory.id] {
                    files.append(ReadFile(claim: claim, result: .trouble(trouble)))
                    continue
                }
                note.take(claim.directory.id, claim.path)
                var steps = FileReader.Steps(onRead: onRead)
                if suspect != nil, suspect == .init(directory: claim.directory.id, path: claim.path) {
                    suspect = nil
                    steps.parseApart = parseSuspect
                }
                let result = try claim.reader.read(claim.next, steps)
                if case .trouble(let trouble) = result, trouble.scope != .file { stopped[claim.directory.id] = trouble }
                files.append(ReadFile(claim: claim, result: result))
            }
            note.putDown()
            return files
        }

        /// Parses a file that was in hand at an unclean end in a child: only the child's death is held against it.
        private func parseSuspect(_ path: String) -> ParseError? {
            guard let parseApart else { return nil }
            logger.warning("The file in hand at the last end is parsed apart.", ["path": path])
            guard case .killed(let signal) = parseApart(path) else { return nil }
            return ParseError(
                code: .parserCrashed, format: "-", message: "the parser died on this file (signal \(signal))",
                hint: "keep the file and report it: no file should do that")
        }
    }
}
