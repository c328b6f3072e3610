import Articles
import Linux
import Messaging

/// The drop directories of a watcher in a terminal: those that somebody should look at, and the sum of the rest.
struct DirectoryTable {
    /// The most directories that are shown one by one.
    private static let most = 20

    private let list: DirectoryList

    init(_ list: DirectoryList) { self.list = list }

    /// The table, a line an element; what is wrong with a directory stands below it.
    var lines: [String] {
        var lines = [DirectoryTable.line("WAITING", "SETTLING", "BLOCKED", "QUARANTINE", "OLDEST", "DIRECTORY")]
        // All of a few; of many those that differ from the rest.
        let isShort = list.listed.count <= DirectoryTable.most && list.others.count == 0
        let special = list.listed.filter(DirectoryTable.isSpecial).prefix(DirectoryTable.most)
        let shown = isShort ? list.listed : Array(special)
        for directory in shown {
            lines.append(row(directory))
            lines += remarks(directory).map { "    \($0)" }
        }
        var rest = list.others
        let paths = Set(shown.map(\.path))
        for directory in list.listed where !paths.contains(directory.path) { rest.add(directory) }
        if rest.count > 0 { lines.append(DirectoryTable.row(rest, isAlone: shown.isEmpty)) }
        if let since = list.pausedSince {
            lines.append("everything is paused by the operator since \(Timestamp(milliseconds: since))")
        }
        return lines
    }

    private static func isSpecial(_ directory: DirectoryStatus) -> Bool {
        directory.trouble != nil || directory.pausedSince != nil || directory.waiting + directory.blocked > 0
            || directory.unaccompanied > 0 || directory.unreadable > 0
    }

    private func row(_ directory: DirectoryStatus) -> String {
        let age = directory.oldestWaiting.map { max(0, Clocks.wallMilliseconds() - $0) / 1000 }
        return DirectoryTable.line(
            "\(directory.waiting)", "\(directory.settling)", "\(directory.blocked)",
            directory.quarantined.map { "\($0)" } ?? "–", age.map(DirectoryTable.span) ?? "–",
            JSONText.terminalSafe(directory.path))
    }

    private static func row(_ sum: DirectoryList.Sum, isAlone: Bool) -> String {
        var what = "\(sum.count) \(isAlone ? "" : "more ")director\(sum.count == 1 ? "y" : "ies")"
        if sum.troubled > 0 { what += ", \(sum.troubled) in trouble" }
        if sum.paused > 0 { what += ", \(sum.paused) paused" }
        return line("\(sum.waiting)", "\(sum.settling)", "\(sum.blocked)", "\(sum.quarantined)", "", what)
    }

    private func remarks(_ directory: DirectoryStatus) -> [String] {
        var remarks: [String] = []
        if let trouble = directory.trouble { remarks.append("in trouble: \(trouble)") }
        if let since = directory.pausedSince { remarks.append("paused since \(Timestamp(milliseconds: since))") }
        if directory.unaccompanied > 0 {
            remarks.append(
                "\(directory.unaccompanied) file\(directory.unaccompanied == 1 ? " waits" : "s wait") for a marker or checksum"
            )
        }
        if directory.unreadable > 0 {
            let reason = directory.unreadableReason.map { ": \($0)" } ?? ""
            remarks.append(
                "\(directory.unreadable) folder\(directory.unreadable == 1 ? "" : "s") cannot be read\(reason)")
        }
        return remarks.map(JSONText.terminalSafe)
    }

    private static func line(_ cells: String...) -> String {
        let widths = [9, 10, 9, 12, 9, 0]
        return zip(cells, widths).map { Help.pad($0, to: $1) }.joined()
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
