import Articles
import Formats
import Linux
import Telemetry

/// Examines the files that were in hand at an unclean end: a child parses each, one at a time, while others are read, and
/// only the child's death is held against the file.
final class Examiner {
    private struct Examined {
        let reader: FileReader
        let path: RelativePath
    }

    private var suspects: Set<InHandNote.Suspect>
    /// Suspects that wait for their turn.
    private var waiting: [Claim] = []
    /// Of the process's start, so that a lack of descriptors later on cannot keep it from being made; nil where there was no
    /// suspect, or none is left.
    private var worker: ApartWorker<Examined, ParseError?>?
    private var claim: Claim?
    private let logger = Logger(label: "intake")

    /// Makes one, with a thread where there is a suspect.
    init(
        suspects: Set<InHandNote.Suspect>, parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?
    ) throws(SystemError) {
        self.suspects = parseApart == nil ? [] : suspects
        guard let parseApart, !suspects.isEmpty else { return }
        worker = try ApartWorker(name: "examiner") { Examiner.examine($0, parseApart) }
    }

    /// Tells when the child has ended; nil where there is none.
    var descriptor: Int32? { worker?.descriptor }

    /// A child parses a file.
    var isBusy: Bool { claim != nil }

    /// The child has ended.
    var isDone: Bool { worker?.isDone ?? false }

    /// It is a file that was in hand.
    func suspects(_ claim: Claim) -> Bool {
        !suspects.isEmpty && suspects.contains(.init(directory: claim.directory.id, path: claim.path))
    }

    /// Has a suspected file parsed, or lets it wait for its turn; it is suspected no more.
    func begin(_ claim: Claim) {
        suspects.remove(.init(directory: claim.directory.id, path: claim.path))
        guard !isBusy else { return waiting.append(claim) }
        examine(claim)
    }

    private func examine(_ claim: Claim) {
        self.claim = claim
        logger.warning(
            .diedOnFile,
            [
                .source: claim.directory.configuration.source, .directory: claim.directory.configuration.path,
                .path: claim.path.description,
            ])
        worker?.begin(Examined(reader: claim.reader, path: claim.path))
    }

    /// Returns the file that was examined, and why it is not to be parsed, where the child has ended; the next one has its
    /// turn then.
    func finish() -> (claim: Claim, verdict: ParseError?)? {
        guard isDone, let claim, let verdict = worker?.finish() else { return nil }
        self.claim = nil
        if !waiting.isEmpty {
            examine(waiting.removeFirst())
        } else if suspects.isEmpty {
            worker = nil
        }
        return (claim, verdict)
    }

    private static func examine(
        _ examined: Examined, _ parseApart: (_ path: String) -> ChildProcess.Ending?
    ) -> ParseError? {
        guard let file = try? examined.reader.openFile(examined.path) else { return nil }
        // A path that is no text is no argument for a program.
        let path = examined.path.isUTF8 ? "\(examined.reader.root.path)/\(examined.path)" : file.sharedPath
        let ending = parseApart(path)
        // Open until here: the shared path is that of this process.
        withExtendedLifetime(file.sharedPath) {}
        guard case .killed(let signal) = ending else { return nil }
        return ParseError(
            code: .parserCrashed, format: "-", message: "the parser died on this file (signal \(signal))",
            hint: "keep the file and report it: no file should do that")
    }
}
