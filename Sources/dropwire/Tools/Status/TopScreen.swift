import Terminal

/// The screen of `dropwire top`: what flows and what is wrong above, a table of choice below, the keys at the bottom.
struct TopScreen {
    let page: StatusPage?
    /// What is to be said of a page that is not of now.
    let staleness: ScreenLine?
    let state: TopState
    let size: TerminalSize

    /// The table of choice, in the order of choice.
    var table: TextTable? {
        guard let page else { return nil }
        // A wide screen has room for more of the past.
        let spark = max(12, min(48, size.columns / 4))
        var table =
            switch state.panel {
            case .processes: page.processes
            case .sources: page.sources(sparkWidth: min(24, spark))
            case .directories: page.directories
            case .consumers: page.consumers
            case .failures: page.failures
            case .quarantine: page.quarantine
            case .storage: page.storage
            }
        if let column = state.sorting, table.columns.indices.contains(column) {
            let isNumber = table.columns[column].side == .right
            table.sort(by: column) { isNumber ? TopScreen.value(of: $0.cells[column]) : nil }
        }
        return table
    }

    /// The rows of a page of the table.
    var pageHeight: Int { max(1, size.rows - upper.count - 4) }

    /// Exactly as many lines as there are rows, none wider than the screen.
    var lines: [ScreenLine] {
        var lines = state.isHelpShown ? TopScreen.help : upper + lower
        let room = max(0, size.rows - 1)
        lines = Array(lines.prefix(room))
        while lines.count < room { lines.append(ScreenLine("")) }
        return lines.map { $0.cut(to: size.columns) } + [bottom]
    }

    private var upper: [ScreenLine] {
        guard let page else {
            return [staleness ?? ScreenLine("The status service is asked …", .faint)]
        }
        let width = size.columns
        var lines = [StatusTool.headline(page)]
        if let staleness { lines.append(staleness) }
        // What is wrong has a quarter of the screen at most; all of it is on the page.
        let most = max(1, size.rows / 6)
        let troubles = page.troubles
        lines += troubles.prefix(troubles.count > most ? most - 1 : most)
        if troubles.count > most {
            lines.append(ScreenLine("… \(troubles.count - most + 1) more: see dropwire status", .bad))
        }
        if let oldest = page.oldestWaiting { lines.append(oldest) }
        let flow = page.flow(sparkWidth: max(12, min(60, width - 50))).lines(width: width)
        return lines + flow.prefix(max(4, size.rows / 2 - lines.count)) + [ScreenLine("")]
    }

    private var lower: [ScreenLine] {
        guard let table else { return [] }
        let lines = table.lines(width: size.columns)
        let title = ScreenLine(
            TopState.Panel.allCases.map { panel in
                let name = "\(panel.rawValue + 1) \(panel)"
                return panel == state.panel ? "[\(name)]" : " \(name) "
            }.joined(), .faint)
        guard !table.rows.isEmpty else { return [title] + lines }
        let rows = lines.dropFirst()
        let start = min(state.scroll, max(0, rows.count - pageHeight))
        return [title, lines[0]] + rows.dropFirst(start).prefix(pageHeight)
    }

    private var bottom: ScreenLine {
        let order = state.sorting.flatMap { sorting in table.map { $0.columns[sorting % $0.columns.count].title } }
        let text = " q quit   p next table   s sort\(order.map { " (by \($0.isEmpty ? "name" : $0))" } ?? "")   ? help"
        return ScreenLine(TextWidth.fill(TextWidth.cut(text, to: size.columns), to: size.columns), .bar)
    }

    private static let help = [
        ScreenLine("dropwire top: what flows, what is wrong and who is alive, every two seconds", .head),
        ScreenLine(""),
        ScreenLine("  q             quit"),
        ScreenLine("  p P  Tab      the next table, the one before: processes, sources, directories, consumers,"),
        ScreenLine("                failures, quarantine, storage"),
        ScreenLine("  1 … 7         that table"),
        ScreenLine("  s S           in order of the next column, of the one before"),
        ScreenLine("  ↑ ↓ j k       scroll, also by pages and to the beginning (Home)"),
        ScreenLine("  ? h           this"),
        ScreenLine(""),
        ScreenLine("dropwire status prints the same, all of it; --json for programs. Any key goes back.", .faint),
    ]

    /// The number that a cell begins with, in a common unit; nil where it begins with none.
    static func value(of cell: String) -> Double? {
        let parts = cell.split(separator: " ")
        guard let first = parts.first else { return nil }
        let text = first == "in" ? parts.dropFirst().first : first
        guard let number = text.flatMap({ Double($0.replacing(",", with: "")) }) else { return nil }
        let units: [Substring: Double] = ["min": 60, "h": 3600, "days": 86_400]
        return number * (parts.lazy.compactMap { units[$0] }.first ?? 1)
    }
}
