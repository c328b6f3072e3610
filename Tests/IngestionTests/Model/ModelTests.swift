import Glibc
import TestSupport
import Testing

@testable import Ingestion

/// Random actions of producers and kills on a real drop directory, against a model that is much simpler than the intake.
///
/// `DROPWIRE_MODEL_CASES` is how many, `DROPWIRE_MODEL_SEED` the seed of the first. A case that fails is printed with all
/// that need not be done for it to fail taken away.
@Suite struct ModelTests {
    private static func number(_ name: String, else other: UInt64) -> UInt64 {
        getenv(name).flatMap { UInt64(String(cString: $0)) } ?? other
    }

    private static let first = number("DROPWIRE_MODEL_SEED", else: 1)
    private static let count = number("DROPWIRE_MODEL_CASES", else: 40)
    /// So that all processors have something to do.
    private static let parts = min(count, 8)

    @Test(arguments: 0..<parts)
    func `whatever producers do, every file that stands is told of once, and nothing else is`(part: UInt64) {
        for seed in stride(
            from: ModelTests.first + part, to: ModelTests.first + ModelTests.count, by: Int(ModelTests.parts))
        {
            let modelCase = ModelCase(seed: seed)
            guard let problem = modelCase.run() else { continue }
            let shrunk = modelCase.shrunk()
            Issue.record("\(problem)\nof which is left: \(shrunk.run() ?? "nothing, at another try")\n\(shrunk)")
            return
        }
    }

    @Test(arguments: UInt64(0)..<8)
    func `a file is complete when its whole history says so`(part: UInt64) {
        let rules = Readiness.Rules(
            quiet: .milliseconds(200), settle: .seconds(2), polling: .seconds(10), openFile: .seconds(600))
        var random = SeededGenerator(seed: ModelTests.first &+ part &* 1_000_003)
        for _ in 0..<ModelTests.count {
            let steps = (0..<40).map { _ in ReadinessModel.Step.random(using: &random) }
            guard ReadinessModel.problem(of: steps, rules: rules) != nil else { continue }
            let shrunk = Shrinking.shrink(steps) { ReadinessModel.problem(of: $0, rules: rules) != nil }
            let lines = shrunk.map { "  \($0)" }.joined(separator: "\n")
            let seed = "DROPWIRE_MODEL_SEED=\(ModelTests.first)"
            Issue.record("\(ReadinessModel.problem(of: shrunk, rules: rules)!) (\(seed)):\n\(lines)")
            return
        }
    }

    @Test(arguments: [0, 7, 19], [0, 12, 19])
    func `what a failure does not need is taken away`(one: Int, other: Int) {
        #expect(
            Shrinking.shrink(Array(0..<20)) { $0.contains(one) && $0.contains(other) }
                == Array(Set([one, other])).sorted())
    }
}
