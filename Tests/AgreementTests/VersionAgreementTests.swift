import Articles
import Messaging
import TestSupport
import Testing

/// Versions, publication statuses and kills of an article in every order of arrival: the index, the status service and the
/// stream of unique articles show what the model shows.
@Suite(.timeLimit(.minutes(10))) struct VersionAgreementTests {
    @Test(arguments: ["as they come", "with a restart after each", "in one batch"])
    func `every order of arrival shows the same everywhere`(how: String) throws {
        let sequences = ArticleEvent.sequences
        var seq: UInt64 = 0
        // A uri a sequence: the first event of each, then the second of each, and so on.
        var rounds: [[(Position, [UInt8])]] = []
        for round in 0..<4 {
            rounds.append([])
            for (index, events) in sequences.enumerated() where round < events.count {
                seq += 1
                rounds[round].append((Agreement.position(seq), events[round].record(of: "\(index)")))
            }
        }
        if how == "in one batch" { rounds = [rounds.flatMap { $0 }] }
        let models = sequences.map { events in
            var model = ShownArticleModel()
            for event in events { model.take(event) }
            return (model: model, name: events.map(\.name).joined(separator: ", "))
        }
        try Agreement.expect(rounds, isRestarted: how == "with a restart after each", models)
    }
}
