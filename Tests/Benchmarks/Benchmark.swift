import FoundationEssentials
import Glibc

/// Measures every stage of Dropwire and the whole, each against the bare library or loop that it stands on, in one run.
///
/// Figures of different machines and hours say little; a ratio within one run says what a stage costs. Nothing here is
/// a test: a missed bar is printed and changes no exit code.
enum Benchmark {
    static var stages: [any Stage.Type] {
        [
            IntakeStage.self, AppendStage.self, FeedStage.self, FetchStage.self, CurveStage.self, ClaimStage.self,
            CommitLatencyStage.self, ReplayStage.self, IndexStage.self, PipelineStage.self, LatencyStage.self,
            FormatsStage.self, LanguagesStage.self, HTMLStage.self, WARCStage.self, IdleStage.self, ScanStage.self,
            BacklogStage.self, DeduplicationStage.self, DeduplicationStateStage.self, SummarizeStage.self,
            StoreStage.self,
        ]
    }

    static func run(_ arguments: [String]) -> Int32 {
        // A subscriber that goes while something is sent is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        do {
            guard let options = try Options(arguments) else {
                print(Options.help)
                return 0
            }
            let workspace = try Workspace(options)
            defer { workspace.remove() }
            var rows: [Row] = []
            for stage in stages where options.stages.contains(stage.name) || options.stages.isEmpty && !stage.isLong {
                Benchmark.say("\(stage.name) …")
                rows += try stage.run(in: workspace)
            }
            print(options.isJSON ? Report.json(rows, workspace) : Report.table(rows, workspace))
            return 0
        } catch let error as Options.Problem {
            say("dropwire-bench: \(error.description)")
            return 64
        } catch {
            say("dropwire-bench: \(error)")
            return 1
        }
    }

    /// Writes a line to standard error.
    static func say(_ text: String) {
        let bytes = Array((text + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}

/// One part of the benchmark.
protocol Stage {
    /// The word after `--stage`.
    static var name: String { get }
    /// It takes so long, or so much of the disk, that it runs only where it is named.
    static var isLong: Bool { get }
    static func run(in workspace: Workspace) throws -> [Row]
}

extension Stage {
    static var isLong: Bool { false }
}

/// Something that keeps the benchmark from going on.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
