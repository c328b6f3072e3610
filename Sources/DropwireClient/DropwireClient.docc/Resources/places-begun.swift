import DropwireClient

let worker = Worker(kind: "places") { item in
    .skipped("no place that is known")
}

try await worker.run()
