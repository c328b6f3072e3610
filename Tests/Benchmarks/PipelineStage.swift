import FoundationEssentials
import Glibc
import Linux

/// Articles that lie in a drop directory, through all five processes: `dropwire up --once`.
enum PipelineStage: Stage {
    static let name = "pipeline"

    private struct Summary: Decodable {
        var files: Int
        var published: Int
        var articles: Int
        var quarantined: Int
        var failed: Int
        var seconds: Double
    }

    static func run(in workspace: Workspace) throws -> [Row] {
        let count = min(workspace.options.files ?? 10_000, workspace.corpus.files.count)
        let installation = try Installation(workspace)
        defer { workspace.remove(installation.folder) }
        try workspace.write(Corpus.named(Array(workspace.corpus.files.prefix(count))), to: installation.drops[0])
        let began = ContinuousClock.now
        let child = try installation.start(["--once", "--json"])
        var last: [String: ProcessTree.Member] = [:]
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // The summary's end is the end; until then the processes are looked at now and then.
        while true {
            for member in ProcessTree.children(of: child.identifier) where member.resident > 0 {
                last["\(member.role) \(member.identifier)"] = member
            }
            guard !Poll.readable([child.output], timeout: .milliseconds(50)).isEmpty else { continue }
            let have = read(child.output, &buffer, buffer.count)
            guard have > 0 else { break }
            output += buffer[..<have]
        }
        let wall = (ContinuousClock.now - began) / .seconds(1)
        _ = child.wait()
        guard let summary = try? JSONDecoder().decode(Summary.self, from: Data(output)) else {
            throw BenchmarkFailure("dropwire up gave no summary:\n\(installation.messages)")
        }
        Benchmark.say(String(decoding: output, as: UTF8.self))
        var rows = [
            Row(
                name, "\(summary.articles) articles through five processes",
                Double(summary.articles) / summary.seconds, "articles/s", bar: .atLeast(1000)),
            Row(name, "the same, with start and end of the processes", Double(summary.articles) / wall, "articles/s"),
        ]
        for member in last.values.sorted(by: { $0.role < $1.role }) {
            let peak = (Double(member.peak) / 1e6 * 10).rounded() / 10
            rows.append(
                Row(
                    name, "resident at the end: \(member.role) (peak \(peak))", Double(member.resident) / 1e6, "MB",
                    bar: .under(100)))
        }
        for member in last.values.sorted(by: { $0.role < $1.role }) {
            rows.append(Row(name, "processor time: \(member.role)", member.processorTime / .seconds(1), "s"))
        }
        return rows
    }
}
