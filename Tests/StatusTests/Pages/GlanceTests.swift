import Testing

@testable import Status

@Suite struct GlanceTests {
    private func glance(_ change: (inout Glance.Facts) -> Void) -> Glance {
        var facts = Glance.Facts()
        change(&facts)
        return Glance(facts)
    }

    @Test func `where all is well, one sentence says so`() {
        #expect(glance { _ in }.level == .good)
        #expect(glance { _ in }.sentence == "Nothing is lost, and nothing is stuck.")
        let waiting = glance {
            $0.waiting = 3
            $0.oldestSeconds = 130
        }
        #expect(waiting.level == .good)
        #expect(waiting.sentence == "Nothing is lost, and nothing is stuck. 3 files wait, the oldest for 2 min.")
    }

    @Test func `while nobody has told of himself nothing is said`() {
        #expect(glance { $0.isSilent = true }.level == .held)
        #expect(!glance { $0.isSilent = true }.sentence.contains("Nothing is lost"))
    }

    @Test func `what is stuck comes before what waits for a person`() {
        let found = glance {
            $0.troubles = 2
            $0.troubled = "watch"
            $0.quarantined = 1
            $0.dead = 4
            $0.quiet = 1
        }
        #expect(found.level == .bad)
        #expect(
            found.sentence == "Something is stuck: look at watch, and 1 more trouble. 1 source is quiet. "
                + "For you to decide: 1 file in quarantine, 4 articles that a worker gave up.")
    }

    @Test func `what a consumer lost is said first`() {
        let found = glance {
            $0.losers = ["archive"]
            $0.isPaused = true
        }
        #expect(found.level == .bad)
        #expect(
            found.sentence == "Something is lost: retention took records that archive had yet to read. "
                + "The operator has paused the intake.")
    }

    @Test func `a pause and what waits for a decision are no trouble, and are seen`() {
        #expect(glance { $0.isPaused = true }.level == .held)
        #expect(glance { $0.quarantined = 1 }.level == .held)
        #expect(glance { $0.quiet = 1 }.level == .held)
    }
}
