import CTerminal

/// How much a terminal shows.
package struct TerminalSize: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    /// Makes a size.
    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    /// The size of the terminal at a descriptor; nil where there is none, or it does not say.
    package init?(of descriptor: Int32) {
        var columns: Int32 = 0
        var rows: Int32 = 0
        guard cterminal_size(descriptor, &columns, &rows) == 0 else { return nil }
        self.init(columns: Int(columns), rows: Int(rows))
    }
}
