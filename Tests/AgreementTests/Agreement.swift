import Messaging
import TestSupport
import Testing

/// The roles that show articles, fed with the same records and held to the same model.
enum Agreement {
    private static let stream = StreamID.random()

    /// Returns where a record stands.
    static func position(_ seq: UInt64) -> Position {
        Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: 1_700_000_000_000 + Int64(seq))
    }

    /// Feeds records to all roles, and expects that each shows what the models do of the articles whose uris are their numbers.
    ///
    /// - Parameters:
    ///   - rounds: each is taken in one transaction.
    ///   - isRestarted: all roles are opened anew behind each round.
    ///   - models: with what is told where a role shows another thing.
    static func expect(
        _ rounds: [[(Position, [UInt8])]], isRestarted: Bool, _ models: [(model: ShownArticleModel, name: String)]
    ) throws {
        let folder = try ScratchDirectory()
        let consumer = UniqueStreamRole.Consumer()
        func open() throws -> [any ShowingRole] {
            [try IndexRole(folder), try StatusRole(folder), try UniqueStreamRole(folder, consumer: consumer)]
        }
        var roles = try open()
        for records in rounds {
            for role in roles { try role.take(records) }
            if isRestarted { roles = try open() }
        }
        for (index, (model, name)) in models.enumerated() {
            for role in roles {
                let shown = try role.shown(of: "\(index)")
                #expect(shown == (model.shown.map { [$0] } ?? []), "\(type(of: role)) after \(name)")
            }
        }
    }
}
