import Articles
import Deduplication
import Messaging
import SQLite
import Testing

@Suite struct DeduplicatorTests {
    private let long: String
    private let other: String
    private let third: String

    init() {
        var dice = Dice(state: 42)
        long = dice.text(120)
        other = dice.text(120)
        third = dice.text(120)
    }

    // MARK: Verdicts

    @Test func `different texts are unique and start stories of their own`() throws {
        let bench = try Bench()
        let first = article(long)
        #expect(
            try bench.judge(first)
                == Judgement(verdict: .unique, first: nil, similarity: 0, containment: 0, story: first.id))
        #expect(try bench.judge(other).verdict == .unique)
        #expect(bench.published == [1, 2])
    }

    @Test func `a text that differs in case, spacing and punctuation is an exact duplicate`() throws {
        let bench = try Bench()
        let first = article(long, title: "One headline")
        try bench.judge(first)
        let copy = article(long.uppercased().replacing(" ", with: ",\n "), title: "Another headline", source: "paper")
        #expect(
            try bench.judge(copy)
                == Judgement(
                    verdict: .exact, first: .init(id: first.id, seq: 1), similarity: 1, containment: 1, story: first.id)
        )
        #expect(bench.published == [1])
    }

    @Test func `an edited text is a near duplicate with the similarity of its shingles`() throws {
        let bench = try Bench()
        let first = article(long)
        try bench.judge(first)
        // 116 shingles; the last two words replaced: two of them are lost and two are new.
        let edited = long.split(separator: " ").dropLast(2).joined(separator: " ") + " quite different"
        let judgement = try bench.judge(edited)
        #expect(judgement.verdict == .near)
        #expect(judgement.first == .init(id: first.id, seq: 1))
        #expect(abs(judgement.similarity - 114.0 / 118) < 1e-9)
        #expect(abs(judgement.containment - 114.0 / 116) < 1e-9)
        #expect(bench.published == [1])
    }

    @Test func `a trimmed copy and an extended copy are near duplicates by containment`() throws {
        for turned in [false, true] {
            let bench = try Bench()
            let trimmed = long.split(separator: " ").prefix(40).joined(separator: " ")
            try bench.judge(turned ? trimmed : long)
            let judgement = try bench.judge(turned ? long : trimmed)
            #expect(judgement.verdict == .near)
            #expect(judgement.containment == 1)
            #expect(judgement.similarity < 0.4)
        }
    }

    @Test func `one quoted sentence is no copy of the text it stands in`() throws {
        let bench = try Bench()
        try bench.judge(long)
        #expect(try bench.judge(long.split(separator: " ").prefix(20).joined(separator: " ")).verdict == .unique)
    }

    @Test func `short texts are compared by three words`() throws {
        let bench = try Bench()
        try bench.judge("The bank of Utopia raised its rate to five per cent today it said")
        let judgement = try bench.judge("The bank of Utopia raised its rate to five per cent today it says")
        #expect(judgement.verdict == .near)
        #expect(judgement.similarity == 11.0 / 13)
    }

    @Test func `a headline alone is compared, and one word too`() throws {
        let bench = try Bench()
        #expect(try bench.judge(article(nil, title: "Rates up")).verdict == .unique)
        #expect(try bench.judge(article(nil, title: "Rates down")).verdict == .unique)
        #expect(try bench.judge(article(nil, title: "RATES UP!")).verdict == .exact)
        #expect(try bench.judge(article(nil, title: "Flash")).verdict == .unique)
        #expect(try bench.judge(article("", title: "flash")).verdict == .exact)
    }

    @Test func `a short body does not hide that the headlines differ`() throws {
        let bench = try Bench()
        try bench.judge(article("More follows.", title: "Bank raises rates"))
        #expect(try bench.judge(article("More follows.", title: "Minister resigns")).verdict == .unique)
    }

    @Test func `articles without words are all unique`() throws {
        let bench = try Bench()
        #expect(try bench.judge(article(nil)).verdict == .unique)
        #expect(try bench.judge(article("… !", title: "—")).verdict == .unique)
    }

    @Test func `texts without spaces are compared by characters`() throws {
        let bench = try Bench()
        let text = "東京都は四日、新しい防災計画を発表した。計画では首都直下地震に備えて避難所の数を二倍に増やすとしている。"
        try bench.judge(text)
        let judgement = try bench.judge(text.replacing("四日", with: "五日"))
        #expect(judgement.verdict == .near)
        #expect(try bench.judge("大阪府は六日、別の計画について記者会見を開き、知事が概要を説明した。").verdict == .unique)
    }

    // MARK: Revisions

    @Test func `a later version of the same uri is a revision whatever its text`() throws {
        let bench = try Bench()
        let first = article(long, uri: "u1", version: "1")
        let second = article(other, uri: "u1", version: "2")
        try bench.judge(first)
        #expect(
            try bench.judge(second)
                == Judgement(
                    verdict: .revision, first: .init(id: first.id, seq: 1), similarity: 0, containment: 0,
                    story: first.id))
        #expect(try bench.judge(article(long, uri: "u1", version: "10")).first == .init(id: second.id, seq: 2))
        #expect(bench.published == [1, 2, 3])
    }

    @Test func `an earlier version that arrives late is told so, and not passed on`() throws {
        let bench = try Bench()
        let current = article(long, uri: "u", version: "10")
        try bench.judge(current)
        for (version, text) in [("9", other), ("8", long + " more"), ("7", long)] {
            let late = try bench.judge(article(text, uri: "u", version: version))
            #expect(late.verdict == .revision && late.isLate)
            #expect(late.first == .init(id: current.id, seq: 1))
            #expect(late.data["late"] == .boolean(true))
        }
        #expect(bench.published == [1])
        // The late ones did not become what later versions are compared with, after a restart neither.
        try bench.restart()
        #expect(try bench.judge(article(long, uri: "u", version: "11")).first?.seq == 1)
        #expect(bench.published == [1, 5])
    }

    @Test func `the same version sent twice is an exact duplicate, and with other text a revision with a warning`()
        throws
    {
        let bench = try Bench()
        try bench.judge(article(long, uri: "u", version: "1"))
        let again = try bench.judge(article(long, uri: "u", version: "1"))
        #expect(again.verdict == .exact && again.warning == nil)
        for rewritten in [
            article(other, uri: "u", version: "1"), article(other, title: "New", uri: "u", version: "01"),
        ] {
            let judgement = try bench.judge(rewritten)
            #expect(judgement.verdict == .revision && judgement.isPassedOn)
            #expect(judgement.data["warning"]?.stringValue?.contains("came before with other content") == true)
        }
        // What was judged is judged the same again.
        let stored = try bench.judge(article(other, uri: "u", version: "1"), seq: 3)
        #expect(stored.warning == "version '1' came before with other content")
        #expect(bench.published == [1, 3, 4])
    }

    // MARK: Withheld and killed

    @Test func `a withheld article is passed on, and is nobody's first`() throws {
        let bench = try Bench()
        #expect(try bench.judge(withheld(long, version: "1")).verdict == .unique)
        #expect(try bench.judge(long).verdict == .unique)
        #expect(try bench.judge(withheld(long, version: "1")).verdict == .exact)
        #expect(bench.published == [1, 2])
    }

    @Test func `that an article is withheld or usable again is passed on, whatever its text`() throws {
        let bench = try Bench()
        let usable = article(long, uri: "u", version: "1")
        try bench.judge(usable)
        #expect(try bench.judge(withheld(long, version: "1")).verdict == .revision)
        try bench.restart()
        #expect(try bench.judge(usable).verdict == .revision)
        #expect(try bench.judge(usable).verdict == .exact)
        #expect(bench.published == [1, 2, 3])
    }

    @Test func `while its newest version is withheld no version of an article is anybody's first`() throws {
        let bench = try Bench()
        let first = article(long, uri: "u", version: "1")
        try bench.judge(first)
        #expect(try bench.judge(long + " copied").first?.id == first.id)
        try bench.judge(withheld(other, version: "2"))
        try bench.restart()
        #expect(try bench.judge(long).verdict == .near)
        #expect(try bench.judge(long).first?.seq == 4)
        // A lower version that is withheld late says nothing of the current one.
        let last = article(third, uri: "u", version: "3")
        try bench.judge(last)
        try bench.judge(withheld(other, version: "2.5"))
        #expect(try bench.judge(third).first?.id == last.id)
    }

    @Test(arguments: [false, true])
    func `a killed article is nobody's first, in none of its versions`(isRestarted: Bool) throws {
        let bench = try Bench()
        try bench.judge(article(long, uri: "u", version: "2"))
        try bench.judge(article(other, uri: "u", version: "3"))
        try bench.judge(article(third, uri: "u", version: "1"))
        #expect(try bench.connection.transaction { try bench.deduplicator.kill(source: "wire", uri: "u") } == [])
        #expect(try bench.connection.transaction { try bench.deduplicator.kill(source: "wire", uri: "u") } == nil)
        if isRestarted { try bench.restart() }
        for text in [long, other, third] {
            let copy = try bench.judge(text)
            #expect(copy.verdict == .unique)
            #expect(try bench.judge(text).first?.id == article(text).id)
            #expect(try bench.judge(text + " and more").first?.id == article(text).id)
        }
        #expect(try bench.deduplicator.isKilled(article(long, uri: "u", version: "9")))
        #expect(try !bench.deduplicator.isKilled(article(long, source: "other", uri: "u")))
    }

    @Test func `tables of the first version are taken over, with what was killed`() throws {
        let bench = try Bench()
        try bench.judge(article(long, uri: "u", version: "1"))
        try bench.connection.execute(
            """
            ALTER TABLE dedup_document DROP COLUMN traits; DROP TABLE dedup_hidden;
            ALTER TABLE dedup_document DROP COLUMN added; ALTER TABLE dedup_document DROP COLUMN first_stream;
            ALTER TABLE dedup_sketch DROP COLUMN lines;
            UPDATE dedup_meta SET v=1 WHERE k='version'; INSERT INTO dedup_killed VALUES ('wire', 'u');
            """)
        try bench.restart()
        #expect(try bench.judge(long).verdict == .unique)
        #expect(try bench.judge(article(other, uri: "v", version: "1")).verdict == .unique)
        try bench.restart()
        #expect(try bench.judge(article(other, uri: "v", version: "1")).verdict == .exact)
    }

    private func withheld(_ text: String, version: String) -> Article {
        var article = article(text, uri: "u", version: version)
        article.pubStatus = .withheld
        return article
    }

    @Test func `the same uri of another source is another article`() throws {
        let bench = try Bench()
        try bench.judge(article(long, source: "a", uri: "u", version: "1"))
        #expect(try bench.judge(article(other, source: "b", uri: "u", version: "2")).verdict == .unique)
    }

    @Test func `a copy of another source's text can be revised`() throws {
        let bench = try Bench()
        try bench.judge(article(long, source: "a"))
        #expect(try bench.judge(article(long, source: "b", uri: "u", version: "1")).verdict == .exact)
        try bench.restart()
        let revision = try bench.judge(article(long + " more", source: "b", uri: "u", version: "2"))
        #expect(revision.verdict == .revision)
        #expect(revision.first?.seq == 2)
        #expect(revision.similarity > 0.9)
    }

    // MARK: First, story, window

    @Test func `of several candidates the earliest is the first, and all are one story`() throws {
        let bench = try Bench()
        let start = article(long)
        try bench.judge(start)
        for index in 0..<5 {
            let judgement = try bench.judge(long + " extra\(index)")
            #expect(judgement.first == .init(id: start.id, seq: 1))
            #expect(judgement.story == start.id)
        }
    }

    @Test func `an article between two stories makes them one, also after a restart`() throws {
        let words = long.split(separator: " ")
        let (left, right) = (words.prefix(60).joined(separator: " "), words.suffix(60).joined(separator: " "))
        for restarts in [false, true] {
            let bench = try Bench()
            let first = article(left)
            try bench.judge(first)
            #expect(try bench.judge(right).story != first.id)
            #expect(try bench.judge(long).story == first.id)
            if restarts { try bench.restart() }
            #expect(try bench.judge(right + " tail").story == first.id)
        }
    }

    @Test func `an article outside the window is forgotten, one whose copies keep coming is not`() throws {
        for restarts in [false, true] {
            let bench = try Bench(Deduplicator(window: .seconds(3600)))
            try bench.judge(long, hour: 0)
            #expect(try bench.judge(long, hour: 0.9).verdict == .exact)
            if restarts { try bench.restart() }
            let later = try bench.judge(long, hour: 1.8)
            #expect(later.verdict == .exact && later.first?.seq == 1)
            #expect(try bench.judge(long, hour: 3).verdict == .unique)
        }
    }

    @Test func `what is outside the window leaves memory and tables`() throws {
        let bench = try Bench(Deduplicator(window: .seconds(3600)))
        var dice = Dice(state: 5)
        for index in 0..<2400 { try bench.judge(dice.text(4), hour: Double(index) / 200) }
        #expect(bench.deduplicator.candidateCount < 1500)
        let rows = try bench.connection.scalar("SELECT count(*) FROM dedup_document") ?? 0
        #expect(rows > 200 && rows < 500)
        #expect(try bench.connection.scalar("SELECT count(*) FROM dedup_sketch") == rows)
        #expect(try bench.connection.scalar("SELECT count(*) FROM dedup_shingles") == rows)
        // Renumbered slots still find what is within the window.
        let text = dice.text(40)
        try bench.judge(text, hour: 12)
        #expect(try bench.judge(text, hour: 12.5).verdict == .exact)
    }

    // MARK: Again, restarts, failures

    @Test func `a record that comes again gets the same judgement and is not passed on again`() throws {
        let bench = try Bench()
        var dice = Dice(state: 9)
        let articles = dice.articles(200)
        let judgements = try articles.map { try bench.judge($0) }
        let published = bench.published
        for (index, article) in articles.enumerated() {
            #expect(try bench.judge(article, seq: UInt64(index + 1)) == judgements[index])
        }
        try bench.restart()
        for (index, article) in articles.enumerated() {
            #expect(try bench.judge(article, seq: UInt64(index + 1)) == judgements[index])
        }
        #expect(bench.published == published)
        #expect(Set(judgements.map(\.verdict)) == Set(Judgement.Verdict.allCases))
    }

    @Test(arguments: [1, 7, 100])
    func `judgements do not depend on batches or on restarts`(batch: Int) throws {
        var dice = Dice(state: 11)
        let articles = dice.articles(100)
        let undisturbed = try Bench()
        let expected = try articles.map { try undisturbed.judge($0) }
        let bench = try Bench()
        #expect(try bench.judge(articles, inBatchesOf: batch) == expected)
        #expect(bench.published == undisturbed.published)
    }

    @Test func `an article that fails leaves nothing behind`() throws {
        struct Failure: Error {}
        let bench = try Bench()
        try bench.judge(article(other, uri: "u", version: "1"))
        #expect(throws: Failure.self) { try bench.judge(article(long), publishing: { throw Failure() }) }
        #expect(throws: Failure.self) {
            try bench.judge(article(long, uri: "u", version: "2"), publishing: { throw Failure() })
        }
        #expect(try bench.judge(long).verdict == .unique)
        #expect(try bench.judge(article(long, uri: "u", version: "2")).first?.seq == 1)
    }

    @Test func `another threshold after a restart judges by the new one`() throws {
        let connection = try Connection(path: ":memory:")
        let strict = Deduplicator(threshold: 0.95)
        try strict.prepare(connection)
        let first = long.split(separator: " ")
        let edited = (first.prefix(60) + ["one", "two"] + first.dropFirst(62)).joined(separator: " ")
        func judge(_ deduplicator: Deduplicator, _ text: String, _ seq: UInt64) throws -> Judgement.Verdict {
            try connection.transaction {
                try deduplicator.judge(
                    article(text), at: .init(stream: "s", epoch: 1, seq: seq, timeMilliseconds: 0), publish: {}
                ).verdict
            }
        }
        #expect(try judge(strict, long, 1) == .unique)
        #expect(try judge(strict, edited, 2) == .near)  // 110 of 122 shingles: by containment
        let lenient = Deduplicator(threshold: 0.6, containment: 2)
        try lenient.prepare(connection)
        #expect(try judge(lenient, edited + " tail", 3) == .near)
        let stricter = Deduplicator(threshold: 0.999, containment: 2)
        try stricter.prepare(connection)
        #expect(try judge(stricter, edited + " other tail", 4) == .unique)
    }

    @Test func `tables of a newer version are refused`() throws {
        let bench = try Bench()
        try bench.connection.execute("UPDATE dedup_meta SET v=99 WHERE k='version'")
        #expect(throws: NewerState.self) { try bench.restart() }
    }

    @Test func `a judgement's data has the members of the result record`() throws {
        let bench = try Bench()
        try bench.judge(long)
        #expect(Set(try bench.judge(other).data.keys) == ["verdict", "story"])
        let near = try bench.judge(long + " more").data
        #expect(
            Set(near.keys) == [
                "verdict", "story", "first", "first_seq", "similarity", "containment", "new_sentences",
            ])
        #expect(near["first_seq"] == .integer(1))
        #expect(near["containment"] == .number(1))
    }
}
