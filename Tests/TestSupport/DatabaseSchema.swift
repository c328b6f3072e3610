package import SQLite

/// The tables and indexes of a database, as far as they matter to what is written and found: a column that was added stands
/// behind the others, and a text is the same however its lines are broken.
package struct DatabaseSchema: Equatable {
    /// A line a table, column and index, sorted.
    package private(set) var lines: [String] = []

    /// Reads the schema.
    package init(of connection: Connection) throws {
        var tables: [(name: String, kind: String, hasRowID: Bool)] = []
        try connection.prepare("SELECT name, type, wr FROM pragma_table_list WHERE schema='main'").forEachRow {
            tables.append(($0.string(0), $0.string(1), $0.int64(2) == 0))
        }
        for table in tables where !table.name.hasPrefix("sqlite_") && table.kind != "shadow" {
            lines.append("\(table.name): \(table.kind)\(table.hasRowID ? "" : " without rowid")")
            if table.kind == "virtual" {
                try texts("name='\(table.name)'", connection)
            } else {
                try columns(of: table.name, connection)
                try texts("type='index' AND tbl_name='\(table.name)' AND sql IS NOT NULL", connection)
            }
        }
        lines.sort()
    }

    private mutating func columns(of table: String, _ connection: Connection) throws {
        try connection.prepare("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info('\(table)')")
            .forEachRow { row in
                let traits = row.int64(2) != 0 ? " not null" : ""
                let standard = row.isNull(3) ? "" : " default \(row.string(3))"
                let key = row.int64(4) == 0 ? "" : " key \(row.int64(4))"
                lines.append("\(table).\(row.string(0)): \(row.string(1))\(traits)\(standard)\(key)")
            }
        // Indexes of UNIQUE have no text.
        try connection.prepare("SELECT name FROM pragma_index_list('\(table)') WHERE origin='u'").forEachRow { row in
            var columns: [String] = []
            try connection.prepare("SELECT name FROM pragma_index_info('\(row.string(0))') ORDER BY seqno")
                .forEachRow { columns.append($0.string(0)) }
            lines.append("\(table): unique(\(columns.joined(separator: ", ")))")
        }
    }

    private mutating func texts(_ condition: String, _ connection: Connection) throws {
        try connection.prepare("SELECT sql FROM sqlite_schema WHERE \(condition)").forEachRow { row in
            lines.append(row.string(0).split(whereSeparator: \.isWhitespace).joined(separator: " "))
        }
    }
}
