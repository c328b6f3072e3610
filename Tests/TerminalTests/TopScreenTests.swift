import Articles
import Terminal
import Testing

@testable import dropwire

/// What `dropwire status` and `dropwire top` draw of a state.
@Suite struct TopScreenTests {
    private func screen(
        _ columns: Int, _ rows: Int, _ panel: TopState.Panel = .processes, _ change: (inout TopState) -> Void = { _ in }
    ) throws -> [String] {
        var state = TopState()
        state.panel = panel
        change(&state)
        let screen = TopScreen(
            page: try StatusDocument.make(), staleness: nil, state: state,
            size: TerminalSize(columns: columns, rows: rows))
        return screen.lines.map(\.text)
    }

    @Test(arguments: [(80, 24), (200, 50), (40, 12)])
    func `a screen is drawn as it was agreed on`(columns: Int, rows: Int) throws {
        try Golden.expect(screen(columns, rows).joined(separator: "\n") + "\n", "top-\(columns)x\(rows)")
    }

    @Test(arguments: [nil, 80, 120])
    func `everything is printed as it was agreed on`(width: Int?) throws {
        let lines = StatusTool.lines(try StatusDocument.make(), width: width)
        try Golden.expect(
            lines.map(\.text).joined(separator: "\n") + "\n", "status-\(width.map { "\($0)" } ?? "whole")")
    }

    @Test func `a screen has all its rows and no column more, whatever its size and its content`() throws {
        for (columns, rows) in [(1, 1), (2, 3), (10, 5), (79, 7), (80, 24), (300, 90)] {
            for panel in TopState.Panel.allCases {
                let lines = try screen(columns, rows, panel)
                #expect(lines.count == rows)
                #expect(lines.allSatisfy { TextWidth.of($0) <= columns }, "\(columns)x\(rows) \(panel)")
            }
        }
    }

    @Test func `a table is scrolled to its end and no further`() throws {
        let lines = try screen(80, 24) { $0.scroll = 1000 }
        #expect(lines.contains { $0.hasPrefix("index") && $0.contains("silent") })
    }

    @Test func `help takes the screen`() throws {
        #expect(try screen(80, 24) { $0.isHelpShown = true }[2] == "  q             quit")
    }

    @Test func `what an older or a newer service does not tell is left out`() throws {
        for name in ["sources", "failures", "storage", "oldest_waiting", "readers", "stages", "held", "quarantine"] {
            let page = try StatusDocument.make { $0[name] = nil }
            #expect(!StatusTool.lines(page, width: 80).isEmpty)
        }
        let nothing = StatusPage(.null)
        #expect(StatusTool.lines(nothing, width: 80).contains { $0.text == "files     none yet" })
        for panel in TopState.Panel.allCases {
            var state = TopState()
            state.panel = panel
            let screen = TopScreen(
                page: nothing, staleness: nil, state: state, size: TerminalSize(columns: 80, rows: 24))
            #expect(screen.lines.count == 24)
        }
    }

    @Test func `numbers and texts of the wrong type, and beyond all bounds, are drawn too`() throws {
        let page = try StatusDocument.make { members in
            members["sources"] = .array([
                .object([
                    "source": .integer(7), "last_day": .integer(.max),
                    "hours": .array([.integer(.max), .integer(.max)]),
                ]),
                .object([
                    "source": .string(String(repeating: "\u{1b}[31m", count: 1000)), "usual_gap_s": .number(1e300),
                ]),
            ])
            members["processes"] = .array([.object(["uptime_s": .integer(.min), "rss": .integer(.min)]), .null])
            members["storage"] = .array([.object(["bytes": .integer(.max), "full_at": .string("soon")])])
        }
        let lines = StatusTool.lines(page, width: 100)
        #expect(lines.allSatisfy { TextWidth.of($0.text) <= 100 && !$0.text.contains("\u{1b}") })
    }

    @Test func `a page that is not of now says so`() throws {
        let stale = ScreenLine("the status service does not answer", .bad)
        let size = TerminalSize(columns: 80, rows: 24)
        let old = TopScreen(page: try StatusDocument.make(), staleness: stale, state: TopState(), size: size)
        #expect(old.lines[1] == stale)
        let none = TopScreen(page: nil, staleness: stale, state: TopState(), size: size)
        #expect(none.lines[0] == stale && none.lines.count == 24)
    }

    @Test func `nothing is painted where it is not wanted, and each line is closed where it is`() {
        let line = ScreenLine("a", .bad)
        #expect(Paint(isOn: false).draw(line) == "a")
        #expect(Paint(isOn: true).draw(line) == "\u{1b}[1;31ma\u{1b}[0m")
        #expect(Paint(isOn: true).draw(ScreenLine("a")) == "a")
    }
}
