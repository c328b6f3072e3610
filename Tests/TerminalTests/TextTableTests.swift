import Terminal
import Testing

@testable import dropwire

@Suite struct TextTableTests {
    private func table() -> TextTable {
        var table = TextTable(
            "files", emptyText: "There are none.",
            [
                .init("NAME", importance: 9), .init("SIZE", .right, importance: 8), .init("OWNER", importance: 1),
                .init("REASON", importance: 5),
            ])
        table.add(["a.txt", "7", "ada", "it is short"])
        table.add(
            ["東京.txt", "1,234", "bob", "a reason that takes a good deal of room"], .bad,
            remarks: [
                ScreenLine("in trouble: yes", .bad)
            ])
        return table
    }

    private func text(_ width: Int?) -> [String] { table().lines(width: width).map(\.text) }

    @Test func `without a width everything is there, in columns`() {
        #expect(
            text(nil) == [
                "NAME       SIZE  OWNER  REASON", "a.txt         7  ada    it is short",
                "東京.txt  1,234  bob    a reason that takes a good deal of room", "    in trouble: yes",
            ])
    }

    @Test func `with less room texts are cut, then columns left out that matter least`() {
        #expect(
            text(40) == [
                "NAME       SIZE  OWNER  REASON", "a.txt         7  ada    it is short",
                "東京.txt  1,234  bob    a reason that t…", "    in trouble: yes",
            ])
        #expect(
            text(30) == [
                "NAME       SIZE  REASON", "a.txt         7  it is short", "東京.txt  1,234  a reason tha…",
                "    in trouble: yes",
            ])
        #expect(text(16) == ["NAME       SIZE", "a.txt         7", "東京.txt  1,234", "    in trouble:…"])
        #expect(text(5) == ["NAME", "a.txt", "東京…", "    …"])
        for width in 1...80 { #expect(table().lines(width: width).allSatisfy { TextWidth.of($0.text) <= width }) }
    }

    @Test func `nothing from outside reaches the terminal as it is`() {
        var table = table()
        table.add(["\u{1b}[2Jx\r\n", "\u{202e}9", "\u{9b}31m", "a\tb"])
        let last = table.lines(width: nil).last?.text ?? ""
        #expect(last.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        #expect(!last.contains("\u{202e}") && last.contains("a b"))
    }

    @Test func `rows are sorted by numbers from the greatest down, by texts from the first up`() {
        var table = table()
        table.sort(by: 1) { TopScreen.value(of: $0.cells[1]) }
        #expect(table.rows.map { $0.cells[1] } == ["1,234", "7"])
        table.sort(by: 0) { _ in nil }
        #expect(table.rows.map { $0.cells[0] } == ["a.txt", "東京.txt"])
    }

    @Test(
        arguments: [
            ("1,234", 1234), ("13.7 MB", 13.7), ("2 h", 7200), ("in 3 days", 259_200), ("5 min ago", 300), ("–", nil),
            ("", nil),
        ] as [(String, Double?)])
    func `a cell has its value`(cell: String, value: Double?) { #expect(TopScreen.value(of: cell) == value) }

    @Test func `an empty table says so`() {
        var table = TextTable("files", emptyText: "There are none.", [.init("NAME")])
        table.note = "3 more"
        #expect(table.lines(width: 10).map(\.text) == ["There are…", "3 more"])
    }
}
