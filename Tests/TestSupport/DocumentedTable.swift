import FoundationEssentials

/// A table of a page of the documentation that ships with the sources: what is documented, for tests that hold it to the
/// code.
package struct DocumentedTable {
    /// The cells of each row, without the head; code marks are taken off.
    package let rows: [[String]]

    /// Reads the rows of all tables of a page that have so many columns.
    ///
    /// - Parameters:
    ///   - page: the page's name in its catalog.
    ///   - catalog: below `Sources`.
    package init(
        page: String, of catalog: String = "Messaging/Messaging.docc", columns: Int, under heading: String? = nil
    ) throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(root)/Sources/\(catalog)/\(page).md", encoding: .utf8)
        var rows: [[String]] = []
        var isInTable = false
        var isUnder = heading == nil
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#"), let heading { isUnder = line.drop { $0 == "#" || $0 == " " } == heading }
            guard line.hasPrefix("|"), isUnder else {
                isInTable = false
                continue
            }
            let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map {
                $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().filter { $0 != "`" }
            }.map { String($0) }
            if cells.allSatisfy({ $0 == "---" }) {
                isInTable = true
            } else if isInTable, cells.count == columns {
                rows.append(cells)
            }
        }
        self.rows = rows
    }
}
