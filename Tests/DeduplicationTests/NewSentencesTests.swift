import Articles
import Deduplication
import Testing

@Suite struct NewSentencesTests {
    private static let text = """
        The council of the harbour town voted on Monday to rebuild the old lighthouse on the northern pier. Work will begin \
        in May and is to last for two years. The mayor said that ships could not do without it any longer.

        Residents had collected nine thousand signatures for the building since the storm of last November. A museum will \
        move into the keeper's house next door.
        """

    @Test func `a near duplicate says which of its sentences are new, in their order`() throws {
        let bench = try Bench()
        try bench.judge(Self.text)
        let added =
            "UPDATE: Costs rise. \(Self.text) The government pays half of it, the minister wrote.\n\nMore follows soon."
        let judgement = try bench.judge(added)
        #expect(judgement.verdict == .near)
        #expect(
            judgement.newSentences == [
                "UPDATE: Costs rise.", "The government pays half of it, the minister wrote.", "More follows soon.",
            ])
        #expect(judgement.data["new_sentences"]?.arrayValue?.count == 3)
        // The same when it comes again, also after a restart.
        #expect(try bench.judge(article(added), seq: 2) == judgement)
        try bench.restart()
        #expect(try bench.judge(article(added), seq: 2) == judgement)
    }

    @Test func `a sentence in which a number changed is new, and those beside it are not`() throws {
        let bench = try Bench()
        try bench.judge(Self.text + " " + Self.text.replacing("o", with: "u"))
        let judgement = try bench.judge(
            Self.text.replacing("nine thousand", with: "twelve thousand") + " " + Self.text.replacing("o", with: "u"))
        #expect(judgement.verdict == .near)
        #expect(
            judgement.newSentences == [
                "Residents had collected twelve thousand signatures for the building since the storm of last November."
            ])
    }

    @Test func `a trimmed copy has nothing new`() throws {
        let bench = try Bench()
        try bench.judge(Self.text)
        let start = Self.text.replacing("\n", with: " ").split(separator: "A museum")[0]
        let trimmed = try bench.judge(String(start))
        #expect(trimmed.verdict == .near)
        #expect(trimmed.newSentences == [])
        #expect(trimmed.data["new_sentences"] == .array([]))
    }

    @Test func `only a near duplicate has new sentences, at most sixteen, and none is long without end`() throws {
        let bench = try Bench()
        #expect(try bench.judge(Self.text).newSentences == [])
        #expect(try bench.judge(Self.text.uppercased()).newSentences == [])
        #expect(try bench.judge(Self.text).data["new_sentences"] == nil)
        var dice = Dice(state: 3)
        let more = (0..<30).map { _ in dice.text(12) + "." }.joined(separator: "\n\n")
        #expect(try bench.judge(Self.text + "\n\n" + more).newSentences.count == 16)
        let long = try bench.judge(Self.text + "\n\n" + dice.text(900)).newSentences
        #expect(long.count == 1 && long[0].utf8.count < 1010 && long[0].hasSuffix("…"))
    }
}
