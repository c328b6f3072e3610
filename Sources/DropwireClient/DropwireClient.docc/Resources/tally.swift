import DropwireClient
import Foundation

// Counts the articles of each source in one file, which is replaced as a whole: counts and checkpoint, both or neither.
struct Tally: Codable, Sendable {
    var checkpoint: String?
    var articles: [String: Int] = [:]
}

let file = URL(filePath: CommandLine.arguments.dropFirst().first ?? "tally.json")

@Sendable func load() throws -> Tally {
    guard FileManager.default.fileExists(atPath: file.path) else { return Tally() }
    return try JSONDecoder().decode(Tally.self, from: Data(contentsOf: file))
}

let worker = Worker(
    kind: "tally",
    resumingAt: { try load().checkpoint.flatMap(Checkpoint.init) },
    apply: { batch in
        var tally = try load()
        for item in batch.articles {
            tally.articles[item.article.source, default: 0] += 1
            batch.report(.ok(["count": .integer(Int64(tally.articles[item.article.source]!))]), on: item)
        }
        tally.checkpoint = batch.checkpoint.description
        try JSONEncoder().encode(tally).write(to: file, options: .atomic)
    })

try await worker.run(onSignals: .drain)
