import Articles
import Linux
import Messaging

/// The drop directories of a watcher in a terminal: those that somebody should look at, and the sum of the rest.
struct DirectoryTable {
    /// The most directories that are shown one by one.
    private static let most = 20

    private let list: DirectoryList

    init(_ list: DirectoryList) { self.list = list }

    /// The table, a line an element.
    var lines: [String] {
        var rows = [["DIRECTORY", "WAITING", "SETTLING", "BLOCKED", "IN QUARANTINE", "OLDEST", "STATE"]]
        // All of a few; of many those that differ from the rest.
        let isShort = list.listed.count <= DirectoryTable.most && list.others.count == 0
        let shown =
            isShort ? list.listed : Array(list.listed.filter(DirectoryTable.isSpecial).prefix(DirectoryTable.most))
        rows += shown.map(row)
        var rest = list.others
        for directory in list.listed where !shown.contains(where: { $0.path == directory.path }) { rest.add(directory) }
        if rest.count > 0 {
            let state =
                rest.troubled > 0 ? "\(rest.troubled) in trouble" : rest.paused > 0 ? "\(rest.paused) paused" : ""
            rows.append(
                [
                    "\(rest.count) \(shown.isEmpty ? "directories" : "more")", "\(rest.waiting)", "\(rest.settling)",
                    "\(rest.blocked)", "\(rest.quarantined)", "", state,
                ])
        }
        let widths = rows[0].indices.map { column in (rows.map { $0[column].count }.max() ?? 0) + 2 }
        var lines = rows.map { row in
            var line = zip(row, widths).map { Help.pad($0, to: $1) }.joined()
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
        if let since = list.pausedSince {
            lines.append("  everything is paused by the operator since \(Timestamp(milliseconds: since))")
        }
        return lines
    }

    private static func isSpecial(_ directory: DirectoryStatus) -> Bool {
        directory.trouble != nil || directory.pausedSince != nil || directory.waiting + directory.blocked > 0
            || directory.unreadable > 0
    }

    private func row(_ directory: DirectoryStatus) -> [String] {
        let age = directory.oldestWaiting.map { max(0, Clocks.wallMilliseconds() - $0) / 1000 }
        return [
            JSONText.terminalSafe(directory.path), "\(directory.waiting)", "\(directory.settling)",
            "\(directory.blocked)", directory.quarantined.map { "\($0)" } ?? "–", age.map(DirectoryTable.span) ?? "–",
            JSONText.terminalSafe(state(directory)),
        ]
    }

    private func state(_ directory: DirectoryStatus) -> String {
        if let trouble = directory.trouble { return "in trouble: \(trouble)" }
        if let since = directory.pausedSince { return "paused since \(Timestamp(milliseconds: since))" }
        if list.pausedSince != nil { return "paused" }
        guard let reason = directory.unreadableReason, directory.unreadable > 0 else { return "watched" }
        return "\(directory.unreadable) folder\(directory.unreadable == 1 ? "" : "s") in it cannot be read: \(reason)"
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
