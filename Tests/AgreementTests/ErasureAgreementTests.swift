import Articles
import Messaging
import TestSupport
import Testing

/// One version of an article is erased, before or behind others: the index, the status service and the stream of unique
/// articles show what the model shows.
@Suite(.timeLimit(.minutes(10))) struct ErasureAgreementTests {
    private enum Step {
        case event(ArticleEvent)
        case erase(ArticleEvent)

        var name: String {
            switch self {
            case .event(let event): event.name
            case .erase(let event): "erase \(event.name)"
            }
        }
    }

    /// All orders of one or two events, and of three of the first four, with an erasure of each one at every place behind it.
    private static let sequences: [[Step]] = {
        let events = ArticleEvent.all.filter { $0.name != "withheld-9" && $0.name != "withheld-without" }
        let orders =
            ArticleEvent.orders(of: events, lengths: 1...2)
            + ArticleEvent.orders(of: Array(events[..<4]), lengths: 3...3)
        return orders.flatMap { order in
            order.indices.filter { order[$0].status != .canceled }.flatMap { erased in
                (erased + 1...order.count).map { place in
                    order[..<place].map { .event($0) } + [.erase(order[erased])] + order[place...].map { .event($0) }
                }
            }
        }
    }()

    // In one batch whoever follows a stream has never seen what was erased, and knows nothing that it hides.
    @Test(arguments: ["as they come", "with a restart after each"])
    func `what is erased shows the same everywhere`(how: String) throws {
        let sequences = Self.sequences
        var seq: UInt64 = 0
        var places: [String: UInt64] = [:]
        var rounds: [[(Position, [UInt8])]] = []
        for round in 0..<4 {
            rounds.append([])
            for (index, steps) in sequences.enumerated() where round < steps.count {
                seq += 1
                let record: [UInt8]
                switch steps[round] {
                case .event(let event):
                    places["\(index) \(event.name)"] = seq
                    record = event.record(of: "\(index)")
                case .erase(let event):
                    record =
                        GoneRecord(
                            .article(event.article(of: "\(index)").id), cause: .operator, reason: "R",
                            erased: Timestamp(milliseconds: 0), seqs: [places["\(index) \(event.name)"] ?? 0]
                        ).encodeRecord()
                }
                rounds[round].append((Agreement.position(seq), record))
            }
        }
        #expect(sequences.count > 200)
        let models = sequences.map { steps in
            var model = ShownArticleModel()
            for step in steps {
                switch step {
                case .event(let event): model.take(event)
                case .erase(let event): model.erase(event)
                }
            }
            return (model: model, name: steps.map(\.name).joined(separator: ", "))
        }
        try Agreement.expect(rounds, isRestarted: how == "with a restart after each", models)
    }
}
