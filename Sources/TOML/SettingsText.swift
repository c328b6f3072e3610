/// The settings of a configuration as one TOML text that says the same, with where each value comes from.
package struct SettingsText {
    private let settings: [[PathElement]: [Setting]]
    private let tables: [[PathElement]: [[PathElement]]]

    /// Takes settings in any order.
    package init(_ settings: [Setting]) {
        var known: Set<[PathElement]> = [[]]
        var tables: [[PathElement]: [[PathElement]]] = [:]
        for setting in settings {
            var table = setting.path.dropLast()
            while known.insert(Array(table)).inserted {
                tables[Array(table.dropLast()), default: []].append(Array(table))
                table = table.dropLast()
            }
        }
        self.settings = Dictionary(grouping: settings) { Array($0.path.dropLast()) }
        self.tables = tables
    }

    /// The text, a line an element.
    package var lines: [String] {
        var lines: [String] = []
        write([], to: &lines)
        return lines
    }

    private func write(_ table: [PathElement], to lines: inout [String]) {
        let own = settings[table] ?? []
        if !own.isEmpty, !table.isEmpty {
            if !lines.isEmpty { lines.append("") }
            let names = table.filter { $0.intValue == nil }.text
            lines.append(table.last?.intValue == nil ? "[\(names)]" : "[[\(names)]]")
        }
        let texts = own.map { "\([$0.path[$0.path.count - 1]].text) = \($0.value.toml)" }
        let width = texts.map(\.count).filter { $0 <= SettingsText.widest }.max() ?? 0
        for (text, setting) in zip(texts, own) {
            let space = String(repeating: " ", count: max(0, width - text.count))
            lines.append("\(text)\(space)  # \(setting.place.map(SettingsText.comment) ?? "default")")
        }
        for inner in tables[table] ?? [] { write(inner, to: &lines) }
    }

    /// Longer lines push no comment to the right.
    private static let widest = 60

    /// A file's name may hold what a comment may not.
    private static func comment(_ place: String) -> String {
        String(
            String.UnicodeScalarView(place.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "\u{fffd}" : $0 })
        )
    }
}
