import Terminal
import Testing

@Suite struct TextWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("Zürich", 6), ("Zu\u{308}rich", 6), ("東京", 4), ("한국어", 6), ("📰 x", 4), ("a\u{200b}b", 2),
    ])
    func `a text has its columns`(text: String, width: Int) { #expect(TextWidth.of(text) == width) }

    @Test func `a text is cut where a column of it has no room, and never wider`() {
        #expect(TextWidth.cut("abcdef", to: 6) == "abcdef")
        #expect(TextWidth.cut("abcdef", to: 5) == "abcd…")
        // Half of a wide character is no character.
        #expect(TextWidth.cut("東京都", to: 4) == "東…")
        #expect(TextWidth.cut("abc", to: 1) == "…" && TextWidth.cut("abc", to: 0) == "")
        for width in 0...12 { #expect(TextWidth.of(TextWidth.cut("a東b京c都d", to: width)) <= width) }
    }

    @Test func `a text is filled to a width`() {
        #expect(TextWidth.fill("東", to: 4) == "東  " && TextWidth.fillBefore("7", to: 3) == "  7")
        #expect(TextWidth.fill("long", to: 2) == "long")
    }
}
