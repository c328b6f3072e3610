import Stemming
import Testing
import TextAnalysis

@Suite struct StopWordsTests {
    @Test func `a region does not hide the language's list`() {
        let list = StopWords.of(language: "pt-BR")
        #expect(list.contains(Words.hash(of: "não".utf8)))
        #expect(!list.contains(Words.hash(of: "governo".utf8)))
        #expect(StopWords.of(language: "tlh").count == 0)
        // At least fifteen languages have both.
        #expect(Set(StopWords.languages).intersection(Stemmer.languages).count >= 15)
    }

    @Test(arguments: [
        ("en", "The minister said on Monday that the government would not change its plans for the budget."),
        ("de", "Der Minister sagte am Montag, dass die Regierung ihre Pläne für den Haushalt nicht ändern werde."),
        ("fr", "Le ministre a déclaré lundi que le gouvernement ne changerait pas ses projets pour le budget."),
        ("es", "El ministro dijo el lunes que el gobierno no cambiará sus planes para el presupuesto."),
        ("it", "Il ministro ha detto lunedì che il governo non cambierà i suoi piani per il bilancio."),
        ("pt", "O ministro disse na segunda que o governo não vai mudar os seus planos para o orçamento."),
        ("nl", "De minister zei maandag dat de regering haar plannen voor de begroting niet zou wijzigen."),
        ("sv", "Ministern sade på måndagen att regeringen inte skulle ändra sina planer för budgeten."),
        ("uk", "Міністр заявив у понеділок, що уряд не змінить своїх планів щодо бюджету на цей рік."),
        ("el", "Ο υπουργός είπε τη Δευτέρα ότι η κυβέρνηση δεν θα αλλάξει τα σχέδιά της για τον προϋπολογισμό."),
        ("ca", "El ministre va dir dilluns que el govern no canviarà els seus plans per al pressupost."),
        ("id", "Menteri itu mengatakan pada hari Senin bahwa pemerintah tidak akan mengubah rencana untuk anggaran."),
        ("ar", "قال الوزير يوم الاثنين إن الحكومة لن تغير خططها في هذا العام من أجل الميزانية"),
        ("ru", "Министр заявил в понедельник, что правительство не изменит свои планы на бюджет."),
    ])
    func `stop words tell the language of a sentence`(language: String, text: String) {
        var words = Words()
        words.scan(text)
        #expect(StopWords.guessLanguage(of: words) == language)
    }

    @Test func `no language is guessed from numbers or from two words`() {
        var words = Words()
        words.scan("12 13 14 15 16 17 18")
        #expect(StopWords.guessLanguage(of: words) == nil)
        words.scan("the the")
        #expect(StopWords.guessLanguage(of: words) == nil)
    }

    @Test(arguments: [
        ("en", "running", "run"), ("de", "häuser", "haus"), ("fr", "continuellement", "continuel"),
        ("ru", "правительства", "правительств"), ("nb-NO", "husene", "hus"), ("pt_BR", "governos", "govern"),
    ])
    func `inflections share a stem`(language: String, word: String, stem: String) throws {
        let stemmer = try #require(Stemmer(language: language))
        #expect(String(decoding: stemmer.stem(Array(word.utf8)), as: UTF8.self) == stem)
    }

    @Test func `every listed language has a working stemmer and an unknown one has none`() {
        for language in Stemmer.languages {
            #expect(Stemmer(language: language)?.stem([0x61]) == [0x61], "\(language)")
        }
        #expect(Stemmer(language: "zh") == nil)
        #expect(Stemmer.languages.count >= 25)
    }

    @Test func `a word too long to be one comes back as it is`() throws {
        let word = Array(repeating: UInt8(ascii: "s"), count: 100_000)
        #expect(try #require(Stemmer(language: "en")).stem(word) == word)
        #expect(try #require(Stemmer(language: "en")).stem([]) == [])
    }
}
