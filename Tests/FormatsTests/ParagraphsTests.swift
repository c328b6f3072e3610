import Testing

@testable import Formats

@Suite struct ParagraphsTests {
    private static let broken = """
        The bridge between the harbour and the islands is open to everybody
        after two years of building, which cost far more than was planned and
        took longer, too.
        The ferry stops at the end of March. Nobody will miss the queue, as the
        mayor said on Wednesday.
        """

    @Test(arguments: [
        ("One.", "One."), ("  One.  ", "One."), ("", ""), ("\n \r\n", ""), ("One.\n\n\n\nTwo.\n", "One.\n\nTwo."),
        ("One.\r\n\r\nTwo.", "One.\n\nTwo."), ("One.\rTwo.", "One.\n\nTwo."),
        // Each line a paragraph.
        ("One.\nTwo.\nThree.", "One.\n\nTwo.\n\nThree."),
        // A poem.
        ("One,\ntwo.\n\nThree,\nfour.", "One,\ntwo.\n\nThree,\nfour."),
    ]) func `paragraphs are parted by one blank line`(text: String, expected: String) {
        #expect(Paragraphs.text(of: text) == expected)
    }

    @Test func `lines that were broken at a width are joined, and a short one ends its paragraph`() {
        let paragraphs = Paragraphs.text(of: Self.broken).split(separator: "\n\n")
        #expect(paragraphs.count == 2)
        #expect(paragraphs.first?.hasSuffix("longer, too.") == true)
        #expect(paragraphs.allSatisfy { !$0.contains("\n") })
    }

    @Test func `where blank lines part paragraphs a short line ends none`() {
        let text = Self.broken + "\n\nAnother paragraph."
        #expect(Paragraphs.text(of: text).split(separator: "\n\n").count == 2)
    }

    @Test func `columns stay`() {
        let table = "Arsenal          3     1     1     4    12\nChelsea          2     2     1     2    11"
        #expect(Paragraphs.text(of: table + "\n\nx") == table + "\n\nx")
    }

    @Test func `a poem keeps its lines and their indents, also in a text without blank lines`() {
        #expect(
            Paragraphs.rewrapped("The tide goes out,\n    the tide comes in;\nand so do we.")
                == "The tide goes out,\n    the tide comes in;\nand so do we.")
        #expect(Paragraphs.rewrapped(Self.broken).split(separator: "\n\n").count == 2)
    }
}
