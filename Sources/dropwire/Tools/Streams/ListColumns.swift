/// Lines of columns, each as wide as its widest cell, for lists that a person reads.
struct ListColumns {
    private var rows: [[String]]

    /// Makes columns under their heads.
    init(_ heads: String...) { rows = [heads] }

    /// Nothing stands under the heads.
    var isEmpty: Bool { rows.count == 1 }

    /// Adds a row; what came from outside is made safe for a terminal.
    mutating func add(_ cells: String...) { add(cells) }

    /// Adds a row; what came from outside is made safe for a terminal.
    mutating func add(_ cells: [String]) { rows.append(cells.map(JSONText.terminalSafe)) }

    /// The lines, the heads first.
    var lines: [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = zip(row, widths).map { Help.pad($0, to: $1 + 2) }.joined()
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A time span in milliseconds, in its greatest unit.
    static func span(_ milliseconds: Int64) -> String {
        switch milliseconds / 1000 {
        case ..<120: "\(milliseconds / 1000) s"
        case ..<7200: "\(milliseconds / 60_000) min"
        case ..<172_800: "\(milliseconds / 3_600_000) h"
        default: "\(milliseconds / 86_400_000) days"
        }
    }
}
