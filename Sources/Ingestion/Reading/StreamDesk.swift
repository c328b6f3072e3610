/// Streaming: the files in hand that are read piece by piece, and whose turn it is.
final class StreamDesk {
    /// Files of one priority that are open at a time; the others wait.
    private static let openFiles = 8

    /// All of them, in the order in which they came.
    private(set) var files: [StreamedFile] = []
    private var turn = 0

    /// Takes a file in.
    func add(_ claim: Claim) { files.append(StreamedFile(claim)) }

    /// It is done with, or let go.
    func remove(_ file: StreamedFile) { files.removeAll { $0 === file } }

    /// Lets go of the files of a directory; those of which parts are committed are taken up again where they stopped.
    func remove(from directory: DropDirectory) { files.removeAll { $0.claim.directory === directory } }

    /// The file that has the next step, of those with the highest priority the one that waits longest; nil where none can
    /// be read on.
    func next(now: Readiness.Moment) -> StreamedFile? {
        var next: StreamedFile?
        for file in files where file.canStep(now: now) && next.map({ isBefore(file, $0) }) ?? true {
            if !file.stream.isOpen, openCount(from: file.priority) >= StreamDesk.openFiles { continue }
            next = file
        }
        return next
    }

    /// There is something to do, and not only to wait for a directory.
    func hasWork(now: Readiness.Moment) -> Bool {
        !files.isEmpty && (next(now: now) != nil || nextReady != nil || nextHashed != nil)
    }

    /// The file that has something to commit; nil where none has.
    var nextReady: StreamedFile? { files.first { $0.isReady } }

    /// The file that was hashed and is to be looked up; it waits while another one with the same content is read.
    var nextHashed: (file: StreamedFile, sha256: [UInt8])? {
        for file in files {
            guard case .hashed(let sha256) = file.state else { continue }
            let isTwin = files.contains { other in
                other !== file && other.claim.directory.id == file.claim.directory.id
                    && other.subject.entry.sha256 == sha256
            }
            if !isTwin { return (file, sha256) }
        }
        return nil
    }

    /// Notes that a file has its turn.
    func take(_ file: StreamedFile) {
        turn += 1
        file.turn = turn
    }

    private func isBefore(_ file: StreamedFile, _ other: StreamedFile) -> Bool {
        file.priority != other.priority ? file.priority > other.priority : file.turn < other.turn
    }

    private func openCount(from priority: Int) -> Int {
        files.count { $0.stream.isOpen && $0.priority >= priority }
    }
}
