import Linux

/// Reading: files in hand become what is committed, on a thread of its own where there are many, so that the store
/// commits one batch while the next one is read.
final class ReadingDesk {
    /// What is read at a time.
    private enum Work {
        case files([Claim])
        case step(StreamedFile)
    }

    /// What came of it.
    enum Outcome {
        case files([ReadFile])
        case step(StreamedFile, FileStream.Step)
    }

    private let worker: ApartWorker<Work, Outcome>
    private let room: Room
    private let onPoint: ((IntakePoint) throws -> Void)?

    /// Makes it.
    ///
    /// - Parameter limit: what is held in memory of a file's parts.
    init(note: InHandNote, upTo limit: FileContent.Limit, onPoint: ((IntakePoint) throws -> Void)?) throws {
        let room = Room(note: note, limit: limit)
        self.room = room
        self.onPoint = onPoint
        worker = try ApartWorker(name: "reader") { work in
            switch work {
            // It throws only what `onRead` throws, and there is none.
            case .files(let claims): .files((try? room.read(claims, onRead: nil)) ?? [])
            case .step(let file): .step(file, room.step(file))
            }
        }
    }

    /// Something is read apart.
    var isBusy: Bool { worker.isBusy }

    /// Reads files here and now.
    func read(_ claims: [Claim]) throws -> [ReadFile] {
        let files = try room.read(claims, onRead: onPoint.map { onPoint in { try onPoint(.afterRead) } })
        try onPoint?(.afterParse)
        room.putDown()
        return files
    }

    /// Begins to read files apart.
    func begin(_ claims: [Claim]) { worker.begin(.files(claims)) }

    /// Begins with the next step of a file that is read piece by piece.
    func begin(_ file: StreamedFile) { worker.begin(.step(file)) }

    /// Waits for what is read apart; nil where there is nothing.
    func finish() throws -> Outcome? {
        guard let outcome = worker.finish() else { return nil }
        let isRead =
            switch outcome {
            case .files(let files): !files.isEmpty
            case .step(_, .piece): true
            case .step: false
            }
        if isRead {
            try onPoint?(.afterRead)
            try onPoint?(.afterParse)
        }
        room.putDown()
        return outcome
    }

    /// What reads, here or apart, never both at once: that is seen to by the desk, which begins and finishes.
    private final class Room: @unchecked Sendable {
        private let note: InHandNote
        private let limit: FileContent.Limit

        init(note: InHandNote, limit: FileContent.Limit) {
            self.note = note
            self.limit = limit
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
                let result = try claim.reader.read(claim.next, upTo: limit, onRead: onRead)
                if case .trouble(let trouble) = result, trouble.scope != .file { stopped[claim.directory.id] = trouble }
                files.append(ReadFile(claim: claim, result: result))
            }
            return files
        }

        func step(_ file: StreamedFile) -> FileStream.Step {
            note.take(file.claim.directory.id, file.claim.path)
            return file.stream.step(upTo: limit)
        }

        /// Nothing is in hand.
        func putDown() { note.putDown() }
    }
}
