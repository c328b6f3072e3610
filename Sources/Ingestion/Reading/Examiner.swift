import Articles
import Formats
import Linux
import Telemetry

/// Examines the file that was in hand at an unclean end: a child parses it, while others are read, and only the child's
/// death is held against the file.
final class Examiner {
    private struct Examined {
        let reader: FileReader
        let path: RelativePath
    }

    private var suspect: InHandNote.Suspect?
    private let parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?
    private var worker: ApartWorker<Examined, ParseError?>?
    private var claim: Claim?
    private let logger = Logger(label: "intake")

    init(suspect: InHandNote.Suspect?, parseApart: (@Sendable (_ path: String) -> ChildProcess.Ending?)?) {
        self.suspect = parseApart == nil ? nil : suspect
        self.parseApart = parseApart
    }

    /// Tells when the child has ended; nil where there is none.
    var descriptor: Int32? { worker?.descriptor }

    /// A child parses a file.
    var isBusy: Bool { worker != nil }

    /// The child has ended.
    var isDone: Bool { worker?.isDone ?? false }

    /// It is the file that was in hand.
    func suspects(_ claim: Claim) -> Bool {
        guard let suspect else { return false }
        return suspect == InHandNote.Suspect(directory: claim.directory.id, path: claim.path)
    }

    /// Has a suspected file parsed; it is suspected no more.
    func begin(_ claim: Claim) throws {
        guard let parseApart else { return }
        suspect = nil
        self.claim = claim
        logger.warning(
            "The file in hand at the last end is parsed apart.",
            ["directory": claim.directory.configuration.path, "path": claim.path.description])
        let made = try ApartWorker(name: "examiner") { Examiner.examine($0, parseApart) }
        worker = made
        made.begin(Examined(reader: claim.reader, path: claim.path))
    }

    /// Returns the file that was examined, and why it is not to be parsed, where the child has ended.
    func finish() -> (claim: Claim, verdict: ParseError?)? {
        guard isDone, let claim, let verdict = worker?.finish() else { return nil }
        worker = nil
        self.claim = nil
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
