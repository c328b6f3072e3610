import Messaging
import Testing

@testable import DropwireClient

/// The decisions of a batch, without any log.
@Suite struct BatchPlanTests {
    let stream = StreamID.random()

    func records(_ seqs: ClosedRange<UInt64>) -> [DropwireClient.Record] {
        seqs.map {
            DropwireClient.Record(
                Messaging.Position(stream: stream, epoch: 1, seq: $0, timeMilliseconds: 1), Array("{}".utf8))
        }
    }

    func plan(_ seqs: ClosedRange<UInt64>, suspect: BatchPlan.Suspect? = nil) -> BatchPlan {
        let end = Messaging.Cursor(stream: stream, epoch: 1, seq: 99, timeMilliseconds: 1)
        return BatchPlan(records(seqs), upTo: Cursor(end), maximumAttempts: 3, suspect: suspect)
    }

    /// The records of a step, and up to where it commits.
    func shape(_ step: BatchPlan.Step?) -> [UInt64]? { step.map { $0.records.map(\.position.seq) + [$0.cursor.seq] } }

    @Test func `a batch that works is one step`() {
        var plan = plan(1...3)
        #expect(shape(plan.step) == [1, 2, 3, 99])
        plan.succeed()
        #expect(plan.step == nil)
    }

    @Test func `a batch without records moves the cursor`() {
        var plan = BatchPlan(
            [], upTo: Cursor(Messaging.Cursor(stream: stream, epoch: 1, seq: 7, timeMilliseconds: 1)),
            maximumAttempts: 3)
        #expect(shape(plan.step) == [7])
        plan.fail("away")
        #expect(shape(plan.step) == [7])
        plan.succeed()
        #expect(plan.step == nil)
    }

    @Test func `after a failure records go one by one, and the bad one is passed by`() {
        var plan = plan(1...3)
        plan.fail("x")
        #expect(shape(plan.step) == [1, 1])
        plan.succeed()
        for _ in 1...2 {
            #expect(shape(plan.step) == [2, 2])
            plan.fail("bad")
        }
        // Whether the store works is found out first.
        #expect(shape(plan.step) == [1] && plan.step?.dead == nil)
        plan.succeed()
        #expect(shape(plan.step) == [2, 2])
        plan.fail("bad")
        #expect(shape(plan.step) == [2])
        #expect(plan.step?.dead?.reason == "bad" && plan.step?.dead?.position.seq == 2)
        plan.succeed()
        #expect(shape(plan.step) == [3, 99])
        plan.succeed()
        #expect(plan.step == nil && plan.failures == 0)
    }

    @Test func `where not even a checkpoint can be saved the record has all of its attempts again`() {
        var plan = plan(1...2)
        plan.fail("x")
        for _ in 1...5 {
            for _ in 1...2 {
                #expect(shape(plan.step) == [1, 1])
                plan.fail("away")
            }
            #expect(shape(plan.step) == [0])
            plan.fail("away")
        }
        plan.succeed()
        #expect(shape(plan.step) == [2, 99])
    }

    @Test func `a single attempt is made only where the store works`() {
        var plan = BatchPlan(
            records(1...1), upTo: Cursor(Messaging.Cursor(stream: stream, epoch: 1, seq: 1, timeMilliseconds: 1)),
            maximumAttempts: 1)
        plan.fail("bad")
        #expect(shape(plan.step) == [0])
        plan.fail("away")
        #expect(shape(plan.step) == [0])
        plan.succeed()
        #expect(shape(plan.step) == [1, 1])
        plan.fail("bad")
        #expect(plan.step?.dead?.position.seq == 1)
        plan.succeed()
        #expect(plan.step == nil)
    }

    @Test func `what was in hand at a crash goes one by one up to there, and is passed by at last`() {
        var plan = plan(1...4, suspect: .init(seq: 3, crashes: 1))
        #expect(shape(plan.step) == [1, 1])
        plan.succeed()
        plan.succeed()
        #expect(shape(plan.step) == [3, 3])
        plan.succeed()
        #expect(shape(plan.step) == [4, 99])
        plan = self.plan(3...4, suspect: .init(seq: 3, crashes: 3))
        #expect(plan.step?.dead?.reason == "the worker died 3 times on it" && shape(plan.step) == [3])
        plan.succeed()
        #expect(shape(plan.step) == [4, 99])
        // What is behind it is no suspect.
        #expect(shape(self.plan(4...6, suspect: .init(seq: 3, crashes: 1)).step) == [4, 5, 6, 99])
    }
}
