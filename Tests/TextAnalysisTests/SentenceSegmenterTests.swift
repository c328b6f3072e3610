import Testing
import TextAnalysis

@Suite struct SentenceSegmenterTests {
    /// Each case marks its boundaries with `|`.
    @Test(arguments: [
        ("en", "It rained.| It stopped!| Why?| Nobody knows."),
        ("en", "Mr. Smith met Dr. J. R. Jones of Acme Inc. in Washington.| They talked."),
        ("en", "He works at Acme Inc.| The firm is old."),
        ("en", "The U.S. Senate met at 5 p.m. Tuesday.| It adjourned."),
        ("en", "She lives in the U.S.| He does not."),
        ("en", "Shares rose 3.5 pct to 12.75 dlrs.| Volume was 1.2 mln."),
        ("en", "\"Stop!\" he said.| \"I will not.\"| She left."),
        ("en", "\"What now?\" she asked. "),
        ("en", "Well... maybe.| It ended...| Then it began."),
        ("en", "He said it (twice.)| Nobody heard."),
        ("en", "It was vitamin C.| The doctor agreed."),
        ("en", "On Jan. 5 he came.| No. 7 won."),
        ("en", "They use e.g. Node and i.e. nothing."),
        ("en", "We were waiting.|The report says \"no.\"|See news.Example.com too."),
        ("en", "A headline without a stop\n\n|A paragraph\nthat wraps."),
        ("en", "He asked for:\n|- bread\n|- milk\n|1. One thing.\n|2. Another thing."),
        ("en", "“It is over.”| “Is it?” he asked."),
        ("en", "See www.example.com for more.| Or not."),
        ("de", "Am 3. Oktober kam Dr. Meier z.B. nach Bonn.| Er blieb bis 1990.| Das war gut."),
        ("fr", "M. Dupont a dit : « Non. »| Il est parti."),
        ("es", "¿Quién es?| ¡Nadie!| El Sr. García vive en EE.UU. desde 1999."),
        ("ru", "В 1999 г. Иванов уехал.| Он вернулся."),
        ("ja", "東京で会議があった。|「行くよ。」と彼は言った。|終わり！|本当？"),
        ("zh", "他说：“好。”|他走了。"),
        ("hi", "यह एक वाक्य है।| यह दूसरा है।"),
        ("ar", "هل جاء؟| نعم."),
        ("xx", "One here.| Two there."),
        ("en", "\"A mess.\" |It was."), ("en", "\" It was a mess . \"| He left ."),
        ("en", "It cost $1.5 million vs. $.99 before.| Then 3.14 won."),
        ("en", "George W. Bush and J.K. Rowling met at 10 a.m. on Mon.| They ate."),
        ("en", "The plan of the E.U. Commission, i.e. Brussels, failed?!| Yes."),
        ("en", "He wrote \"No.\" on it.| (She did not.)| [Nor did I.]| End."),
        ("en", "Was it Yahoo! that bought it?| Perhaps."),
        ("en", "Agenda\n|\u{2022} One thing\n|\u{2022} Another\n|1) First\n|2) Second"),
        ("en", "\u{a0} One here.\u{a0}|\u{3000}Two there.\u{a0}\n\n \u{a0}"),
        ("de", "Er kam am 24. Dez. um 8 Uhr.| Die Dr.-Müller-Str. war leer.| \u{201e}Ja!\u{201c}, rief er."),
        ("it", "Il sig. Rossi è del 1950.| L'on. Bianchi no."), ("pt", "O Sr. Silva chegou.| A Dra. Costa não."),
        ("nl", "De heer A. de Vries kwam bijv. niet.| Dat was jammer."),
        ("pl", "To kosztuje np. 5 zł.| Tak."), ("el", "Ποιος είναι;| Κανείς.| Έφυγε."),
        ("hy", "Նա եկավ։| Հետո գնաց։"), ("my", "သူ လာ သည်။|သူ သွား သည်။"), ("am", "እሱ መጣ።| ከዚያ ሄደ።"),
        ("ur", "وہ آیا۔| پھر چلا گیا۔"), ("zh", "真的吗？！|我……我不知道。|他说：“走吧！”|她点了点头。"),
        ("en", ""), ("en", "..."), ("en", "No stop at the end"),
    ])
    func `sentences end where a reader ends them`(language: String, marked: String) {
        let expected = marked.split(separator: "|").map { $0.trimmed.split { $0.isWhitespace }.joined(separator: " ") }
        let text = marked.filter { $0 != "|" }
        #expect(SentenceSegmenter(language: language).sentences(in: text) == expected)
    }

    @Test func `ranges cover every byte that is not white space, in order`() {
        let text = Array("One. Two!  Three?\n\n\"Four.\" (Five.) six 7.5 e.g. Mr. X. …。x".utf8)
        let ranges = SentenceSegmenter(language: "en").ranges(in: text)
        #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
        let covered = ranges.flatMap { text[$0] }.filter { $0 > 0x20 }
        #expect(covered == text.filter { $0 > 0x20 })
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = self
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
