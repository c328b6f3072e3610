extension TOMLDocument {
    /// Reads, parses and merges the files at `paths`, in order; what is wrong with any of them is told at once.
    ///
    /// Tables are merged key by key, and the value of a later file wins; arrays of tables are appended.
    package init(paths: [String]) throws(TOMLError) {
        var documents: [TOMLDocument] = []
        var problems: [TOMLError.Problem] = []
        for path in paths {
            do throws(TOMLError) { documents.append(try TOMLDocument(path: path)) } catch { problems += error.problems }
        }
        guard problems.isEmpty else { throw TOMLError(problems: problems, files: paths) }
        try self.init(merging: documents)
    }

    /// Merges documents, at least one, in order.
    package init(merging documents: [TOMLDocument]) throws(TOMLError) {
        var problems: [TOMLError.Problem] = []
        let files = documents.flatMap(\.files)
        let root = documents.dropFirst().reduce(documents[0].root) { $0.merged(with: $1.root, [], &problems) }
        guard problems.isEmpty else { throw TOMLError(problems: problems, files: files) }
        self.init(files: files, root: root)
    }
}

extension Node {
    /// Returns this value with a later one laid over it.
    fileprivate func merged(
        with later: Node, _ path: [PathElement], _ problems: inout [TOMLError.Problem]
    ) -> Node {
        switch (value, later.value) {
        case (.table(let entries), .table(let laterEntries)):
            return Node(position: position, value: .table(Node.merged(entries, laterEntries, path, &problems)))
        case (.array(let nodes), .array(let laterNodes)) where (nodes + laterNodes).allSatisfy(\.isTable):
            return Node(position: nodes.isEmpty ? later.position : position, value: .array(nodes + laterNodes))
        default:
            if isTable != later.isTable {
                let message = "is \(later.found) here, and \(found) in \(position)"
                problems.append(
                    .init(
                        file: later.position.file, line: later.position.line, column: later.position.column,
                        key: path.text, message: message))
            }
            return later
        }
    }

    private static func merged(
        _ entries: [Entry], _ laterEntries: [Entry], _ path: [PathElement], _ problems: inout [TOMLError.Problem]
    ) -> [Entry] {
        var merged = entries
        for later in laterEntries {
            guard let index = merged.firstIndex(where: { $0.key == later.key }) else {
                merged.append(later)
                continue
            }
            let node = merged[index].node.merged(with: later.node, path + [.key(later.key)], &problems)
            // A key that nobody knows is told where its value comes from.
            let isLater = node.position == later.node.position
            let position = isLater ? later.keyPosition : merged[index].keyPosition
            merged[index] = Entry(key: later.key, keyPosition: position, node: node)
        }
        return merged
    }

    private var isTable: Bool { if case .table = value { true } else { false } }
}
