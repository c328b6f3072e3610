import Articles
import Deduplication
import SQLite
import Testing

@Suite struct BoilerplateTests {
    private static let footer = """
        This bulletin was compiled by the regional desk from reports of our own correspondents and may be passed on only
        with the written consent of the agency and with its name, as laid down in the terms of use that subscribers have
        signed. Pictures and tables of this service are sold apart, and whoever prints them pays for each of them as the list
        of prices says that is valid on the day on which they are printed. Complaints go to the editor on duty, in writing
        and within four weeks, under the number that stands at the head of each of our bills.
        """.replacing("\n", with: " ")
    private static let header = "Regional service of the agency, for subscribers only, not for broadcast before noon"

    /// An article of a few words, with the agency's lines around it.
    private func bulletin(_ text: String, title: String, source: String = "agency") -> Article {
        article("\(Self.header)\n\n\(text)\n\n\(Self.footer)", title: title, source: source)
    }

    private func words(_ number: Int) -> String {
        var dice = Dice(state: UInt64(number) &* 7919 &+ 1)
        return dice.text(4)
    }

    /// A deduplicator that has seen so many bulletins.
    private func bench(after count: Int) throws -> Bench {
        let bench = try Bench()
        for number in 0..<count { try bench.judge(bulletin(words(number), title: "Bulletin \(number)")) }
        return bench
    }

    @Test func `two short articles that share only a long footer are no near duplicates`() throws {
        let bench = try bench(after: 5)
        let first = try bench.judge(bulletin(words(100), title: "Ferry"))
        let second = try bench.judge(bulletin(words(101), title: "Harvest"))
        #expect(first.verdict == .unique)
        #expect(second.verdict == .unique)
        // What they have of their own is compared.
        var dice = Dice(state: 12)
        let own = dice.text(30)
        #expect(try bench.judge(bulletin(own, title: "Council")).verdict == .unique)
        let copy = try bench.judge(bulletin(own + " again", title: "Council"))
        #expect(copy.verdict == .near)
        #expect(copy.first?.seq == 8)
        #expect(copy.similarity == 26.0 / 27)
        #expect(copy.newSentences == [own + " again"])
        // Word for word the same is exact, boilerplate and all.
        #expect(try bench.judge(bulletin(words(101), title: "Harvest")).verdict == .exact)
    }

    @Test func `lines that recur are told from those of few articles, and source by source`() throws {
        let bench = try bench(after: 2)
        // Not known as boilerplate yet: most of their text is the same.
        #expect(try bench.judge(bulletin(words(200), title: "Early")).verdict == .near)
        let later = try self.bench(after: 5)
        #expect(try later.judge(bulletin(words(201), title: "One", source: "paper")).verdict == .near)
    }

    @Test func `copies of one text do not make its lines boilerplate`() throws {
        let bench = try Bench()
        for number in 0..<9 {
            let text =
                "A first line of some length that stays.\n\nA second line that stays too, with a few words."
                + "\n\nTake \(number)"
            let judgement = try bench.judge(article(text, title: "One and the same"))
            #expect(judgement.verdict == (number == 0 ? .unique : .near))
        }
    }

    @Test func `an article of nothing but boilerplate is compared by it`() throws {
        let bench = try bench(after: 5)
        let text = "\(Self.header)\n\n\(Self.footer)"
        #expect(try bench.judge(article(text, title: "Empty", source: "agency")).verdict != .exact)
        #expect(try bench.judge(article(text, title: "Empty", source: "agency")).verdict == .exact)
    }

    @Test func `what recurs is known after a restart, and forgotten with the window`() throws {
        let bench = try bench(after: 6)
        try bench.restart()
        #expect(try bench.judge(bulletin(words(300), title: "After")).verdict == .unique)
        let short = try Bench(Deduplicator(window: .seconds(3600)))
        for number in 0..<6 { try short.judge(bulletin(words(number), title: "Bulletin \(number)")) }
        for number in 0..<700 { try short.judge(article("filler \(number) \(words(1000 + number))"), hour: 3) }
        try short.judge(bulletin(words(400), title: "First of a new time"), hour: 3)
        #expect(try short.judge(bulletin(words(401), title: "Second"), hour: 3).verdict == .near)
    }

    @Test(arguments: [1, 4, 50])
    func `judgements do not depend on batches or restarts where there is boilerplate`(batch: Int) throws {
        let articles = (0..<50).map { bulletin(words($0 % 40), title: "Bulletin \($0)") }
        let undisturbed = try Bench()
        let expected = try articles.map { try undisturbed.judge($0) }
        let bench = try Bench()
        #expect(try bench.judge(articles, inBatchesOf: batch) == expected)
        #expect(Set(expected.map(\.verdict)).count > 1)
    }
}
