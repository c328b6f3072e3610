import Articles
import Messaging
import TestSupport
import Testing

/// Versions, publication statuses and kills of an article in every order of arrival: the index, the status service and the
/// stream of unique articles show what the model shows.
@Suite(.timeLimit(.minutes(10))) struct VersionAgreementTests {
    private static let stream = StreamID.random()

    @Test(arguments: ["as they come", "with a restart after each", "in one batch"])
    func `every order of arrival shows the same everywhere`(how: String) throws {
        let sequences = ArticleEvent.sequences
        let folder = try ScratchDirectory()
        let consumer = UniqueStreamRole.Consumer()
        func open() throws -> [any ShowingRole] {
            [try IndexRole(folder), try StatusRole(folder), try UniqueStreamRole(folder, consumer: consumer)]
        }
        var roles = try open()
        var seq: UInt64 = 0
        // A uri a sequence: the first event of each, then the second of each, and so on.
        var rounds: [[(Position, [UInt8])]] = []
        for round in 0..<4 {
            rounds.append([])
            for (index, events) in sequences.enumerated() where round < events.count {
                seq += 1
                let position = Position(
                    stream: Self.stream, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000 + Int64(seq))
                rounds[round].append((position, events[round].record(of: "\(index)")))
            }
        }
        if how == "in one batch" { rounds = [rounds.flatMap { $0 }] }
        for records in rounds {
            for role in roles { try role.take(records) }
            if how == "with a restart after each" { roles = try open() }
        }
        for (index, events) in sequences.enumerated() {
            var model = ShownArticleModel()
            for event in events { model.take(event) }
            for role in roles {
                let shown = try role.shown(of: "\(index)")
                #expect(
                    shown == (model.shown.map { [$0] } ?? []),
                    "\(type(of: role)) after \(events.map(\.name).joined(separator: ", "))")
            }
        }
    }
}
