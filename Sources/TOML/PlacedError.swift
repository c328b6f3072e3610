/// An error that knows its place in the document.
struct PlacedError: Error {
    let position: SourcePosition
    let path: [PathElement]
    let message: String
    /// The decoder made it, and said what it expected; otherwise a type did, which knows less.
    var isOfDecoder = true

    init(position: SourcePosition, path: [PathElement], message: String) {
        self.position = position
        self.path = path
        self.message = message
    }

    /// Gives whatever decoding `node` threw its place; errors of the standard library have one by their coding path.
    init(_ error: any Error, at node: Node, path: [PathElement]) {
        switch error {
        case let placed as PlacedError: self = placed
        case let problem as ConfigurationProblem:
            let entry = problem.key.flatMap { node.entry($0) }
            self.init(
                position: entry?.node.position ?? node.position,
                path: problem.key.map { path + [.key($0)] } ?? path, message: problem.message)
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.keyNotFound(_, let context), DecodingError.dataCorrupted(let context):
            self.init(following: context, from: node, path: path)
        default: self.init(position: node.position, path: path, message: "\(error)")
        }
        if !(error is PlacedError) { isOfDecoder = false }
    }

    /// Follows the coding path from the node of the decoder that the error came through, as far as it leads.
    private init(following context: DecodingError.Context, from start: Node, path: [PathElement]) {
        var node = start
        var path = path
        for key in context.codingPath.dropFirst(path.count) {
            if let index = key.intValue, case .array(let nodes) = node.value, nodes.indices.contains(index) {
                node = nodes[index]
                path.append(.index(index))
            } else {
                path.append(.key(key.stringValue))
                guard let entry = node.entry(key.stringValue) else { break }
                node = entry.node
            }
        }
        self.init(position: node.position, path: path, message: context.debugDescription)
    }
}
