import Testing

@testable import Terminal

@Suite struct KeyTests {
    @Test func `keys are read as terminals send them, several at once, and what is not known is left out`() {
        #expect(Key.read(Array("q".utf8)) == [.character("q")])
        #expect(
            Key.read(Array("\u{1b}[A\u{1b}OB\u{1b}[6~\t\u{1b}[Zs".utf8)) == [
                .up, .down, .pageDown, .tab, .backTab, .character("s"),
            ])
        #expect(Key.read([0x1b]) == [.escape])
        #expect(Key.read(Array("\u{1b}[99;5u\u{1b}[200~é\u{7f}".utf8)) == [])
        // A sequence whose end is yet to come.
        #expect(Key.read(Array("\u{1b}[1".utf8)) == [])
    }
}
