import Articles
import Messaging
import Summarization
import Testing

@Suite struct SummarizerTests {
    private let summarizer = Summarizer()

    private func summary(
        _ body: String, title: String? = nil, language: String = "en", sentences: Int = 3
    ) -> [String] {
        Summarizer(budget: Budget(sentences: sentences)).summarize(title: title, body: body, language: language)
            .sentences
    }

    private let story = """
        WASHINGTON, Feb 26 (Agency) - The central bank of Utopia raised its interest rate to five per cent on Monday.
        It was a sunny day in the capital and tourists filled the old squares.
        The bank said the higher interest rate should slow inflation in Utopia, which reached nine per cent.
        "What else could they do?" asked a passer-by.
        Inflation in Utopia has risen since the central bank cut its rate in spring, economists said.
        The rate of five per cent is the highest that the central bank has set for a decade.
        A football match was played in the evening.
        (Reporting by A. Writer)
        """

    @Test func `the sentences that the article returns to are chosen, in their order`() {
        #expect(
            summary(story) == [
                "The central bank of Utopia raised its interest rate to five per cent on Monday.",
                "The bank said the higher interest rate should slow inflation in Utopia, which reached nine per cent.",
                "Inflation in Utopia has risen since the central bank cut its rate in spring, economists said.",
            ])
    }

    @Test(arguments: [1, 2, 5, 100]) func `no more sentences are given than asked for, nor than say something`(
        count: Int
    ) {
        let sentences = summary(story, sentences: count)
        #expect(sentences.count == min(count, 7))
        #expect(!sentences.contains { $0.hasPrefix("(Reporting") })
    }

    @Test func `the same article gives the same summary whatever was summarized before`() {
        let alone = Summarizer().summarize(title: "Rates", body: story, language: "en")
        for index in 0..<20 {
            _ = summarizer.summarize(title: nil, body: "Something else \(index). And more of it.", language: "und")
            #expect(summarizer.summarize(title: "Rates", body: story, language: "en") == alone)
        }
    }

    @Test func `a sentence that repeats a chosen one gives way`() {
        let text = """
            The council of Smallville voted to close the old bridge over the river.
            The council of Smallville voted on Monday to close the old bridge over the river.
            Trucks will use the motorway while the bridge is closed, and the council pays for signs.
            Repairs cost two million dollars.
            """
        let chosen = summary(text, sentences: 2)
        #expect(chosen.count == 2)
        #expect(!(chosen[0].contains("voted") && chosen[1].contains("voted")))
    }

    @Test func `words of the title draw sentences`() {
        let text = """
            The show opened its doors today. Many visitors came from the region.
            Horses were shown in the large hall. Goats were shown in the small hall. Tickets cost ten dollars there.
            """
        #expect(
            summary(text, title: "Goats in the small hall", sentences: 1) == ["Goats were shown in the small hall."])
    }

    @Test(arguments: [
        ("LONDON, England (CNN) -- The queen spoke to parliament today.", "The queen spoke to parliament today."),
        ("(CNN)The queen spoke to parliament today.", "The queen spoke to parliament today."),
        ("(CNN) -- The queen spoke to parliament today.", "The queen spoke to parliament today."),
        ("NEW YORK (Reuters) - The queen spoke today again.", "The queen spoke today again."),
        ("WASHINGTON, D.C. — The queen spoke today again.", "The queen spoke today again."),
        ("BERLIN, 26. Februar (dpa) – Die Königin sprach heute.", "Die Königin sprach heute."),
        ("Mr. Smith - a baker - sold bread today.", "Mr. Smith - a baker - sold bread today."),
        ("Paris, 12 mars 2020 (AFP) - La reine a parlé hier.", "La reine a parlé hier."),
        ("Berlin (dpa/lby) – Die Königin sprach heute.", "Die Königin sprach heute."),
        ("Madrid, 3 mar (EFE).- La reina habló hoy aquí.", "La reina habló hoy aquí."),
        ("(ANSA) - ROMA, 03 MAR - La regina ha parlato oggi.", "La regina ha parlato oggi."),
        ("MOSCOW, March 3. /TASS/. The queen spoke today again.", "The queen spoke today again."),
        ("МОСКВА, 3 мар — Королева говорила сегодня.", "Королева говорила сегодня."),
        ("新华社北京3月3日电（记者 张三）女王今天讲话。", "女王今天讲话。"),
        ("【ワシントン時事】女王は今日演説した。", "女王は今日演説した。"),
        ("今天天气很好——真的很好。", "今天天气很好——真的很好。"),
        ("Smith (a baker) - he sold bread - went home.", "Smith (a baker) - he sold bread - went home."),
        ("Five (of six) sold bread - and milk.", "Five (of six) sold bread - and milk."),
        ("IBM sold its bread division today.", "IBM sold its bread division today."),
    ])
    func `a dateline is no part of the first sentence`(text: String, first: String) {
        #expect(summary(text) == [first])
    }

    @Test func `texts without words or with little give what there is`() {
        #expect(summary("") == [])
        #expect(summary(" \n\n ") == [])
        #expect(summary("...") == ["..."])
        #expect(summary("\u{a0}\n\n\u{a0}") == [])
        #expect(summary("Short one.") == ["Short one."])
        #expect(summary("No full stop and no words that come twice") == ["No full stop and no words that come twice"])
    }

    @Test func `line breaks within a sentence become spaces`() {
        #expect(summary("The bank raised\n   its rate\r\ntoday again.") == ["The bank raised its rate today again."])
    }

    @Test func `texts without spaces between words are summarized`() {
        let text = "東京都は新しい防災計画を発表した。天気は晴れだった。防災計画では避難所を増やす。知事は防災計画の避難所について説明した。"
        let chosen = summary(text, language: "ja", sentences: 2)
        #expect(chosen.count == 2)
        #expect(chosen.allSatisfy { $0.contains("防災計画") })
    }

    @Test func `an unknown language is guessed by its stop words`() {
        let text = """
            Die Regierung hat am Montag den Haushalt für das nächste Jahr beschlossen. Das Wetter war schön und warm.
            Der Haushalt der Regierung sieht höhere Ausgaben für die Schulen vor. Die Schulen sollen damit saniert werden.
            """
        #expect(
            Summarizer().summarize(title: nil, body: text, language: "und")
                == Summarizer().summarize(title: nil, body: text, language: "de"))
    }

    @Test func `a text of a million words ends in time`() {
        let text = String(repeating: "The bank raised its rate again and again. ", count: 120_000)
        #expect(summary(text).count == 3)
    }

    @Test func `credits, invitations and lines without a full stop are not chosen while there is more`() {
        let text = """
            Saturday, 26 February

            Bridge to close in spring

            The council of Smallville voted to close the old bridge over the river.

            What the council says

            Trucks will use the motorway, the council said.
            Read more: how the council of Smallville voted on the old bridge over the river.

            https://news.example/council-of-smallville-bridge is about the council and the bridge.

            Photo: The council of Smallville and the old bridge over the river.
            """
        #expect(
            summary(text, sentences: 5) == [
                "The council of Smallville voted to close the old bridge over the river.",
                "Trucks will use the motorway, the council said.",
            ])
    }

    // MARK: Budget

    @Test(arguments: [10, 25, 40, 60, 1000]) func `no more words are given than asked for`(words: Int) {
        let summary = Summarizer(budget: Budget(words: words)).summarize(title: nil, body: story, language: "en")
        let count = summary.sentences.joined(separator: " ").split(separator: " ").count
        #expect(count <= words && count > 0)
        #expect(summary.sentences.count <= 7)
    }

    @Test(arguments: [40, 100, 200, 300]) func `no more characters are given than asked for`(characters: Int) {
        let summary = Summarizer(budget: Budget(characters: characters))
            .summarize(title: nil, body: story.replacing("inflation", with: "Überhöhung"), language: "en")
        let count = summary.sentences.joined(separator: " ").unicodeScalars.count
        #expect(count <= characters && count > characters / 3)
    }

    @Test func `all limits hold together, and a sentence that fits takes the place of one that does not`() {
        let summary = Summarizer(budget: Budget(sentences: 2, words: 20))
            .summarize(title: nil, body: story, language: "en")
        #expect(
            summary.sentences == ["The central bank of Utopia raised its interest rate to five per cent on Monday."])
        #expect(Budget(sentences: 2, words: 20).sentences == 2)
        #expect(Budget().sentences == 3)
        #expect(Budget(words: 20).sentences == 100)
    }

    @Test func `where not even one sentence has room its beginning is given`() {
        let text = "The council of Smallville voted to close the old bridge over the river."
        func cut(_ budget: Budget) -> [String] {
            Summarizer(budget: budget).summarize(title: nil, body: text, language: "en").sentences
        }
        #expect(cut(Budget(words: 4)) == ["The council of Smallville…"])
        #expect(cut(Budget(characters: 16)) == ["The council of…"])
        #expect(cut(Budget(characters: 200)) == [text])
    }

    // MARK: Phrases

    @Test func `names and repeated groups of words are key phrases`() {
        let text = """
            Chancellor Anna Schmidt met the steel workers in Duisburg. The steel workers want higher wages.
            Anna Schmidt promised a law. The law will come in spring, Schmidt said, and the steel workers cheered.
            """
        let summary = summarizer.summarize(title: nil, body: text, language: "en")
        let phrases = summary.phrases
        #expect(phrases.contains("steel workers"))
        #expect(summary.names.count == 2 && summary.names.contains("Duisburg"), "\(summary.names)")
        #expect(summary.names.contains { $0.hasSuffix("Anna Schmidt") })
        #expect(phrases.contains { $0.hasSuffix("Anna Schmidt") })
        #expect(!phrases.contains("Schmidt"))
        #expect(!phrases.contains { $0.split(separator: " ").contains("the") })
        #expect(phrases.count <= 8)
    }

    @Test func `named things are phrases as they are written, small words inside them and days outside`() {
        let text = """
            On Friday the Bank of England spoke to Ludwig van Beethoven. The Bank of England said on Friday that
            Peter Schmidt and Anna Schmidt met the Department of the Interior on Friday in June. Peter Schmidt left,
            Anna Schmidt stayed, and the Department of the Interior went on.
            """
        let summary = Summarizer(phrases: 20).summarize(title: nil, body: text, language: "en")
        let phrases = summary.phrases
        for name in [
            "Bank of England", "Ludwig van Beethoven", "Peter Schmidt", "Anna Schmidt", "Department of the Interior",
        ] {
            #expect(phrases.contains(name) && summary.names.contains(name), "\(summary)")
        }
        #expect(summary.names.count == 5, "\(summary.names)")
        #expect(!phrases.contains { $0.contains("Friday") || $0.contains("June") })
    }

    @Test func `in a text that is all in capitals they mark nothing`() {
        let text = "THE COUNCIL MET TODAY AND SPOKE. THE COUNCIL SAID THAT IT MET. THE COUNCIL LEFT AT NOON."
        #expect(summarizer.summarize(title: nil, body: text, language: "en").phrases == ["COUNCIL"])
        #expect(summarizer.summarize(title: nil, body: text, language: "en").names == [])
    }

    @Test func `no more phrases are given than asked for`() {
        #expect(Summarizer(phrases: 2).summarize(title: nil, body: story, language: "en").phrases.count == 2)
        #expect(Summarizer(phrases: 0).summarize(title: nil, body: story, language: "en").phrases.isEmpty)
    }

    // MARK: Worker

    private func item(_ body: String?, abstract: String? = nil) -> WorkItem {
        var article = Article(
            source: "wire", language: "en",
            ingest: .init(
                path: "a.txt", sha256: "", part: 1, bytes: 1, format: "native", encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.body = body
        article.abstract = abstract
        article.deriveID()
        let position = Position(stream: .random(), epoch: 1, seq: 1, timeMilliseconds: 0)
        return WorkItem(position: position, bytes: article.encodeRecord(), article: article)
    }

    @Test func `the worker keeps the article's own abstract beside the summary`() throws {
        let processor = SummarizationProcessor(summarizer: Summarizer(budget: Budget(sentences: 1)))
        let result = try processor.work(item(story, abstract: "Rates rise."))
        #expect(processor.kind == "summarize")
        #expect(result.status == .ok)
        #expect(result.data["summary"]?.arrayValue?.count == 1)
        #expect(result.data["phrases"]?.arrayValue?.isEmpty == false)
        #expect(result.data["abstract"]?.stringValue == "Rates rise.")
        #expect(try processor.work(item(story)).data["abstract"] == nil)
    }

    @Test func `the article's own abstract is the summary where that is wanted, within the budget`() throws {
        let processor = SummarizationProcessor(
            summarizer: Summarizer(budget: Budget(sentences: 2)), abstract: .summary)
        let result = try processor.work(item(story, abstract: "Rates rise. Prices too. And more."))
        #expect(result.data["summary"]?.arrayValue?.compactMap(\.stringValue) == ["Rates rise.", "Prices too."])
        #expect(result.data["by"]?.stringValue == "abstract")
        #expect(result.data["phrases"]?.arrayValue?.isEmpty == false)
        let without = try processor.work(item(story))
        #expect(without.data["by"]?.stringValue == "extract")
        #expect(without.data["summary"]?.arrayValue?.count == 2)
    }

    @Test func `an article without text is skipped with the reason`() throws {
        let processor = SummarizationProcessor(summarizer: Summarizer())
        #expect(try processor.work(item(nil)).status == .skipped)
        #expect(try processor.work(item("")).data["reason"]?.stringValue == "the article has no text")
        #expect(try processor.work(item(nil, abstract: "Only this.")).status == .ok)
    }
}
