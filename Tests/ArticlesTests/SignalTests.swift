import Articles
import Testing

@Suite struct SignalTests {
    @Test(
        arguments: [
            ("sig:correction", "correction"), ("Corrected", "correction"), ("correction", "correction"),
            ("http://cv.iptc.org/newscodes/signal/update", "update"), ("UPDATED", "update"), ("dpa:flash", "alert"),
            ("nmsig:atomic", "atomic"), ("apsig:newsContent", "newscontent"), (" sig:alert ", "alert"), ("", nil),
            (":", nil), ("  ", nil),
        ] as [(String, String?)])
    func `a signal is one word, whatever vocabulary it is from`(code: String, word: String?) {
        #expect(Signal.word(code) == word)
    }

    @Test func `a word is said once`() {
        #expect(Signal.words(["sig:correction", "Corrected", "", "x"]) == ["correction", "x"])
    }

    @Test func `what was corrected stands in the note once`() {
        var article = RecordTests.full()
        article.signals = []
        article.editorialNote = "Note."
        article.setCorrection("The name was wrong.")
        article.setCorrection("The name was wrong.")
        article.setCorrection(nil)
        #expect(article.signals == ["correction"])
        #expect(article.editorialNote == "Note.\nThe name was wrong.")
    }
}
