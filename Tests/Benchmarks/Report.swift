import Articles
import Glibc

/// The report, as a table for people and as an object for programs.
enum Report {
    static func table(_ rows: [Row], _ workspace: Workspace) -> String {
        let head = ["stage", "what", "figure", "bare", "ratio", "bar", "verdict"]
        let cells = rows.map { row in
            [
                row.stage, row.what, "\(number(row.figure)) \(row.unit)", row.baseline.map(number) ?? "",
                row.ratio.map { number($0) } ?? "", text(row.bar), row.isMet.map { $0 ? "met" : "missed" } ?? "",
            ]
        }
        let widths = head.indices.map { column in ([head] + cells).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = zip(cells, widths).enumerated().map { column, cell in
                let space = String(repeating: " ", count: cell.1 - cell.0.count)
                return (2...4).contains(column) ? space + cell.0 : cell.0 + space
            }
            return padded.joined(separator: "  ").trimmingEnd()
        }
        let rule = widths.map { String(repeating: "-", count: $0) }
        let note =
            "bare: the same by the library or loop alone, in this run; ratio: figure to bare, median of the rounds"
        return ([summary(workspace), note, "", line(head), line(rule)] + cells.map(line)).joined(separator: "\n")
    }

    static func json(_ rows: [Row], _ workspace: Workspace) -> String {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("corpus", workspace.corpus.name)
        writer.field("processors", Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        writer.key("rows")
        writer.beginArray()
        for row in rows {
            writer.beginObject()
            writer.field("stage", row.stage)
            writer.field("what", row.what)
            writer.field("figure", row.figure)
            writer.field("unit", row.unit)
            writer.field("bare", row.baseline)
            writer.field("ratio", row.ratio)
            switch row.bar {
            case .atLeast(let bar): writer.field("at_least", bar)
            case .under(let bar): writer.field("under", bar)
            case nil: break
            }
            if let isMet = row.isMet { writer.field("met", isMet) }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func summary(_ workspace: Workspace) -> String {
        var load = [0.0, 0, 0]
        getloadavg(&load, 3)
        return "corpus: \(workspace.corpus.name); \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors, "
            + "load \(number(workspace.loadAtStart)) at start, \(number(load[0])) at the end"
    }

    private static func text(_ bar: Row.Bar?) -> String {
        switch bar {
        case .atLeast(let bar): "≥ \(number(bar))"
        case .under(let bar): "< \(number(bar))"
        case nil: ""
        }
    }

    /// Three digits that say something.
    private static func number(_ value: Double) -> String {
        if value >= 1000 || value == value.rounded() { return "\(Int(value.rounded()))" }
        let places = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * scale).rounded())
        guard places > 0 else { return "\(scaled)" }
        let digits = String(repeating: "0", count: max(0, places + 1 - "\(scaled)".count)) + "\(scaled)"
        return "\(digits.dropLast(places)).\(digits.suffix(places))"
    }
}

extension String {
    fileprivate func trimmingEnd() -> String {
        var text = self[...]
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
