/// What one decoding run collects: which keys were asked for, and every problem.
final class DecodingSession {
    private(set) var problems: [TOMLError.Problem] = []
    private let file: String
    /// The keys that were asked of each table, in the order of asking.
    private(set) var asked: [ObjectIdentifier: [String]] = [:]
    /// Tables whose decoding ended early: keys nobody asked for say nothing there.
    private var unfinished: Set<ObjectIdentifier> = []

    init(file: String) {
        self.file = file
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
            file: file, line: position.line, column: position.column, key: path.text, message: message)
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
