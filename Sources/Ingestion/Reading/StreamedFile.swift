import Articles
import Formats
import Linux

/// A file in hand that is read piece by piece: how far it is, as the desk knows it.
final class StreamedFile {
    /// Where it stands.
    enum State {
        /// It is hashed, or its parts are read.
        case reading
        /// It is hashed; whether it is known is to be looked up.
        case hashed([UInt8])
        /// Nothing more is read of it.
        case ended
    }

    /// How it ends, where that is not the end of its last piece.
    enum Ending {
        /// The same content was published before.
        case duplicate
        /// It changed, or went away, after parts of it were committed.
        case changed(String)
        /// Nothing more can be read of it, where there should be more.
        case failed(ParseError)
    }

    let claim: Claim
    let stream: FileStream
    var state = State.reading
    /// What is read and not committed.
    var pieces: [FileContent] = []
    var ending: Ending?
    /// Its end looks as if something were missing; that is believed when it was waited for in vain.
    var doubtfulEnd: ParseError?
    /// It, as it is committed.
    var subject: CommitDesk.Subject
    var tally = FileTally()
    /// What published other parts of the same content.
    var earlier: Ledger.Published?
    /// When it last had its turn.
    var turn = 0

    init(_ claim: Claim) {
        self.claim = claim
        stream = FileStream(claim)
        let entry = Ledger.Entry(
            id: 0, directory: claim.directory.id, path: claim.path, identity: claim.identity, state: .open,
            outcome: .partial, code: ReasonCode.ok.rawValue, message: "", time: stream.received.milliseconds,
            companions: claim.next.companions)
        subject = CommitDesk.Subject(directory: claim.directory, reader: claim.reader, entry: entry)
    }

    /// Passes over a piece that brings nothing.
    func pass(_ piece: FileContent) {
        tally.format = piece.format
        tally.ignoredReason = tally.ignoredReason ?? piece.ignoredReason
        tally.partsDone = max(tally.partsDone, piece.lastPart)
    }

    var priority: Int { claim.directory.configuration.priority }

    /// There is something to commit.
    var isReady: Bool { !pieces.isEmpty || ending != nil || doubtfulEnd != nil }

    /// A step can be taken: it is not too far ahead of what is committed, and its directory takes files.
    func canStep(now: Readiness.Moment) -> Bool {
        guard case .reading = state else { return false }
        return pieces.count < 2 && claim.directory.canTake(now: now)
    }
}
