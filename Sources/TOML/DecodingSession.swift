/// What one decoding run collects: which keys were asked for, what they are, and every problem.
final class DecodingSession {
    private(set) var problems: [TOMLError.Problem] = []
    /// What every key is, in the order of asking.
    private(set) var settings: [Setting] = []
    /// The keys that were asked of each table, in the order of asking.
    private(set) var asked: [ObjectIdentifier: [String]] = [:]
    /// Tables whose decoding ended early: keys nobody asked for say nothing there.
    private var unfinished: Set<ObjectIdentifier> = []
    /// Tables that stand in no file, kept so that nothing else gets their identity.
    private var absent: [Node] = []

    /// Notes what a key is, where it is a value and not a table; `position` is nil for a default.
    func set(_ path: [PathElement], _ value: Any, at position: SourcePosition?) {
        guard let value = Setting.Value(value) else { return }
        settings.append(Setting(path: path, value: value, position: position))
    }

    /// Makes an empty table for one that no file has.
    func makeAbsentTable(at position: SourcePosition) -> Node {
        let node = Node(position: position, value: .table([]))
        absent.append(node)
        return node
    }

    func opened(_ table: Node) {
        asked[ObjectIdentifier(table), default: []] += []
    }

    func asked(_ key: String, of table: Node) {
        if asked[ObjectIdentifier(table)]?.contains(key) != true {
            asked[ObjectIdentifier(table), default: []].append(key)
        }
    }

    func endedEarly(_ table: Node) {
        unfinished.insert(ObjectIdentifier(table))
    }

    func note(_ message: String, position: SourcePosition, path: [PathElement]) {
        let problem = TOMLError.Problem(
            file: position.file, line: position.line, column: position.column, key: path.text, message: message)
        if !problems.contains(problem) { problems.append(problem) }
    }

    func note(_ error: PlacedError) {
        note(error.message, position: error.position, path: error.path)
    }

    /// Notes each key of a decoded table that nobody asked for, with the nearest that was.
    func noteUnknownKeys(in node: Node, path: [PathElement]) {
        switch node.value {
        case .table(let entries):
            let known = unfinished.contains(ObjectIdentifier(node)) ? nil : asked[ObjectIdentifier(node)]
            for entry in entries {
                if let known, !known.contains(entry.key) {
                    // The message names the key itself; the path is the table's.
                    note(
                        unknownKey(entry.key, entries: entries, known: known), position: entry.keyPosition, path: path)
                } else {
                    noteUnknownKeys(in: entry.node, path: path + [.key(entry.key)])
                }
            }
        case .array(let nodes):
            for (index, node) in nodes.enumerated() { noteUnknownKeys(in: node, path: path + [.index(index)]) }
        default: break
        }
    }

    private func unknownKey(_ key: String, entries: [Node.Entry], known: [String]) -> String {
        if let near = nearest(to: key, in: known) { return "unknown key '\(key)'; did you mean '\(near)'?" }
        guard !known.isEmpty else { return "unknown key '\(key)'; no key is valid here" }
        return "unknown key '\(key)'; valid here: \(known.sorted().joined(separator: ", "))"
    }
}
