import Terminal

/// A table for a terminal: as much of it as a width has room for.
struct TextTable {
    /// A column, and what becomes of it where there is little room.
    struct Column {
        enum Side { case left, right }
        var title: String
        var side: Side
        /// Those of the lowest importance are left out first.
        var importance: Int

        /// Makes a column. What stands to the left of it is text, to the right a number.
        init(_ title: String, _ side: Side = .left, importance: Int = 5) {
            self.title = title
            self.side = side
            self.importance = importance
        }
    }

    struct Row {
        var cells: [String]
        var tint: ScreenLine.Tint
        /// Sentences that stand below it.
        var remarks: [ScreenLine]
    }

    /// What it is about, in a word.
    let title: String
    let columns: [Column]
    private(set) var rows: [Row] = []
    /// What stands below it, for example how many rows it lacks.
    var note: String?
    /// What is said where there is no row.
    let emptyText: String

    /// Makes an empty table.
    init(_ title: String, emptyText: String, _ columns: [Column]) {
        self.title = title
        self.emptyText = emptyText
        self.columns = columns
    }

    /// Adds a row; what came from outside is made safe for a terminal.
    mutating func add(_ cells: [String], _ tint: ScreenLine.Tint = .plain, remarks: [ScreenLine] = []) {
        rows.append(Row(cells: cells.map(JSONText.terminalSafe), tint: tint, remarks: remarks))
    }

    /// Puts the rows in order of a column: numbers from the greatest down, texts from the first up.
    mutating func sort(by column: Int, _ value: (Row) -> Double?) {
        let sorted = rows.enumerated().sorted { left, right in
            if let (first, second) = value(left.element).flatMap({ l in value(right.element).map { (l, $0) } }),
                first != second
            {
                return first > second
            }
            let (first, second) = (left.element.cells[column], right.element.cells[column])
            return (first, left.offset) < (second, right.offset)
        }
        rows = sorted.map(\.element)
    }

    /// The lines: the heads, then the rows with their remarks, then the note.
    ///
    /// - Parameter width: the columns of the terminal; nil for as many as it takes.
    func lines(width: Int?) -> [ScreenLine] {
        guard !rows.isEmpty else { return [ScreenLine(emptyText, .faint).cut(to: width)] + noteLines(width) }
        let shown = shownColumns(width)
        var widths = shown.map { column in
            rows.map { TextWidth.of($0.cells[column]) }.reduce(TextWidth.of(columns[column].title), max)
        }
        shrink(&widths, shown, to: width)
        func line(_ cells: [String], _ tint: ScreenLine.Tint) -> ScreenLine {
            var text = ""
            for (place, column) in shown.enumerated() {
                let cell = TextWidth.cut(cells[column], to: widths[place])
                let isLast = place == shown.count - 1
                text +=
                    columns[column].side == .right
                    ? TextWidth.fillBefore(cell, to: widths[place])
                    : isLast ? cell : TextWidth.fill(cell, to: widths[place])
                if !isLast { text += TextTable.gap }
            }
            while text.last == " " { text.removeLast() }
            return ScreenLine(text, tint).cut(to: width)
        }
        return [line(columns.map(\.title), .head)]
            + rows.flatMap { row in
                [line(row.cells, row.tint)] + row.remarks.map { ScreenLine("    " + $0.text, $0.tint).cut(to: width) }
            } + noteLines(width)
    }

    private static let gap = "  "
    /// A column of text keeps so much of it.
    private static let least = 12

    private func noteLines(_ width: Int?) -> [ScreenLine] { note.map { [ScreenLine($0, .faint).cut(to: width)] } ?? [] }

    /// Which columns there is room for.
    private func shownColumns(_ width: Int?) -> [Int] {
        var shown = Array(columns.indices)
        guard let width else { return shown }
        func leastWidth(_ column: Int) -> Int {
            let natural = rows.map { TextWidth.of($0.cells[column]) }.reduce(TextWidth.of(columns[column].title), max)
            return columns[column].side == .left ? min(natural, TextTable.least) : natural
        }
        func needed() -> Int { shown.reduce(0) { $0 + leastWidth($1) } + (shown.count - 1) * TextTable.gap.count }
        while shown.count > 1, needed() > width {
            // Of the same importance the last goes first.
            guard
                let place = shown.indices.min(by: { left, right in
                    let (first, second) = (columns[shown[left]].importance, columns[shown[right]].importance)
                    return (first, right) < (second, left)
                })
            else { break }
            shown.remove(at: place)
        }
        return shown
    }

    /// Makes columns of text narrower, the widest first, until all have room.
    private func shrink(_ widths: inout [Int], _ shown: [Int], to width: Int?) {
        guard let width else { return }
        func excess() -> Int { widths.reduce(0, +) + (widths.count - 1) * TextTable.gap.count - width }
        while excess() > 0 {
            let texts = shown.indices.filter { columns[shown[$0]].side == .left && widths[$0] > 1 }
            guard let widest = texts.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }
}
