extension Command {
    /// A place for operands, and what a shell can offer there.
    struct Operand: Sendable, Equatable {
        /// What it is called in the help.
        let name: String
        let kind: Value.Kind
        /// Any number of them may stand there.
        let isRepeated: Bool
    }

    /// The operands of a command without actions, in their order.
    ///
    /// Of `FILE|ID` only the file can be offered; COMMAND is any of Dropwire's own. Of what actions take, only the running
    /// services know what there is.
    var offeredOperands: [Operand] {
        guard actions.isEmpty, let operands else { return [] }
        return operands.split(separator: " ").filter { !$0.hasPrefix("[--") }.map { word in
            let name = word.filter { !"[]…".contains($0) }
            let alternatives = name.split(separator: "|").map(String.init)
            let literals = alternatives.filter { $0.contains(where: \.isLowercase) }
            let kind: Value.Kind =
                if alternatives.contains("COMMAND") {
                    .choice(Dropwire.commands.map(\.name) + literals)
                } else if !literals.isEmpty {
                    .choice(literals)
                } else {
                    alternatives.map { Value($0).kind }.first { $0 != .text } ?? .text
                }
            return Operand(name: name, kind: kind, isRepeated: word.contains("…"))
        }
    }
}
