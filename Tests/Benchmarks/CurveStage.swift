import Linux

/// Feed and FETCH over tcp, without and with CURVE, against libzmq alone on the same line, and what CURVE costs libzmq alone.
enum CurveStage: Stage {
    static let name = "curve"

    static func run(in workspace: Workspace) throws -> [Row] {
        let bodies = workspace.corpus.blocks(1000, of: 4096)
        var rows = Row.paces(name, "feed, tcp", rounds: try FeedStage.measure(.tcp, workspace), bar: .atLeast(0.8))
        let (ring, disk) = try FetchStage.measure(.tcp, workspace)
        rows += Row.paces(name, "FETCH from memory, tcp", rounds: ring, bar: .atLeast(0.8))
        rows += Row.paces(name, "FETCH from disk, tcp", rounds: disk, bar: .atLeast(0.5))
        rows += Row.paces(
            name, "feed, tcp with CURVE", rounds: try FeedStage.measure(.curve, workspace), bar: .atLeast(0.8))
        let (curveRing, curveDisk) = try FetchStage.measure(.curve, workspace)
        rows += Row.paces(name, "FETCH from memory, tcp with CURVE", rounds: curveRing, bar: .atLeast(0.8))
        rows += Row.paces(name, "FETCH from disk, tcp with CURVE", rounds: curveDisk, bar: .atLeast(0.5))
        var (feed, fetch): (FetchStage.Rounds, FetchStage.Rounds) = ([], [])
        for _ in 0..<workspace.options.rounds {
            feed.append(
                try (
                    FeedStage.measureBare(.curve, bodies, workspace), FeedStage.measureBare(.tcp, bodies, workspace)
                ))
            fetch.append(
                try (
                    FetchStage.measureBare(.curve, bodies, workspace), FetchStage.measureBare(.tcp, bodies, workspace)
                ))
        }
        rows += Row.paces(name, "libzmq alone: frames of the feed, with CURVE (bare: without)", rounds: feed)
        rows += Row.paces(name, "libzmq alone: frames of FETCH, with CURVE (bare: without)", rounds: fetch)
        return rows
    }
}
