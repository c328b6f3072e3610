import Glibc
import Linux

/// Reading: files in hand become what is committed, on threads of their own where there are many, so that the store
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

    /// Each with a room of its own.
    private let workers: [ApartWorker<Work, Outcome>]
    private let rooms: [Room]
    private let onPoint: ((IntakePoint) throws -> Void)?

    /// Makes it.
    ///
    /// - Parameter limit: what is held in memory of a file's parts.
    init(note: InHandNote, upTo limit: FileContent.Limit, onPoint: ((IntakePoint) throws -> Void)?) throws {
        self.onPoint = onPoint
        // More than a few would only wait for the store.
        let count = max(1, min(InHandNote.lines, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        let rooms = (0..<count).map { Room(note: note, number: $0, limit: limit) }
        self.rooms = rooms
        workers = try rooms.map { room in
            try ApartWorker(name: "reader") { work in
                switch work {
                // It throws only what `onRead` throws, and there is none.
                case .files(let claims): .files((try? room.read(claims, onRead: nil)) ?? [])
                case .step(let file): .step(file, room.step(file))
                }
            }
        }
    }

    /// Something is read apart.
    var isBusy: Bool { workers.contains { $0.isBusy } }

    /// Reads files here and now.
    func read(_ claims: [Claim]) throws -> [ReadFile] {
        let files = try rooms[0].read(claims, onRead: onPoint.map { onPoint in { try onPoint(.afterRead) } })
        try onPoint?(.afterParse)
        rooms[0].putDown()
        return files
    }

    /// Begins to read files apart, each thread a part of them.
    func begin(_ claims: [Claim]) {
        var rest = claims[...]
        for (number, worker) in workers.enumerated() where !rest.isEmpty {
            let share = ReadingDesk.share(of: rest, among: workers.count - number)
            worker.begin(.files(Array(rest.prefix(share))))
            rest = rest.dropFirst(share)
        }
    }

    /// Begins with the next step of a file that is read piece by piece.
    func begin(_ file: StreamedFile) { workers[0].begin(.step(file)) }

    /// Waits for what is read apart; nil where there is nothing.
    func finish() throws -> Outcome? {
        guard isBusy else { return nil }
        var files: [ReadFile] = []
        var step: Outcome?
        for worker in workers {
            switch worker.finish() {
            case .files(let read): files += read
            case let outcome?: step = outcome
            case nil: break
            }
        }
        var isRead = !files.isEmpty
        if case .step(_, .piece) = step { isRead = true }
        if isRead {
            try onPoint?(.afterRead)
            try onPoint?(.afterParse)
        }
        for room in rooms { room.putDown() }
        return step ?? .files(files)
    }

    /// How many of some files are about one thread's share of their bytes; a file costs something even if it is empty.
    private static func share(of claims: ArraySlice<Claim>, among threads: Int) -> Int {
        func cost(_ claim: Claim) -> Int64 { claim.identity.size + 4096 }
        let whole = claims.reduce(0) { $0 + cost($1) }
        var (share, sum) = (0, Int64(0))
        for claim in claims {
            share += 1
            sum += cost(claim)
            if sum >= whole / Int64(threads) { break }
        }
        return threads == 1 ? claims.count : share
    }

    /// What reads, here or apart, never both at once: that is seen to by the desk, which begins and finishes.
    private final class Room: @unchecked Sendable {
        private let note: InHandNote
        private let number: Int
        private let limit: FileContent.Limit

        init(note: InHandNote, number: Int, limit: FileContent.Limit) {
            self.note = note
            self.number = number
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
                note.take(claim.directory.id, claim.path, reader: number)
                let result = try claim.reader.read(claim.next, upTo: limit, onRead: onRead)
                if case .trouble(let trouble) = result, trouble.scope != .file { stopped[claim.directory.id] = trouble }
                files.append(ReadFile(claim: claim, result: result))
            }
            return files
        }

        func step(_ file: StreamedFile) -> FileStream.Step {
            note.take(file.claim.directory.id, file.claim.path, reader: number)
            return file.stream.step(upTo: limit)
        }

        /// Nothing is in hand.
        func putDown() { note.putDown(reader: number) }
    }
}
