import DropwireClient

let known = [
    "Lisbon": [38.72, -9.14], "Nairobi": [-1.29, 36.82], "Oslo": [59.91, 10.75], "Quito": [-0.18, -78.47],
]

let worker = Worker(kind: "places") { item in
    let text = [item.article.title, item.article.body].compactMap(\.self).joined(separator: "\n")
    let found = known.filter { text.contains($0.key) }
    if found.isEmpty { return .skipped("no place that is known") }
    return .ok(["places": .object(found.mapValues { [.number($0[0]), .number($0[1])] })])
}

try await worker.run(onSignals: .drain)
