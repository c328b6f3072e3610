import Articles

/// How files are opened that lie in another which is no container, as those that are attached to a mail.
///
/// The limits are those of containers: a mail counts as one for what is attached to it.
struct InnerFiles: Sendable {
    let formats: FormatRegistry
    let rules: ContainerRules
    /// How many containers and mails are around.
    var depth = 0
    /// What all that lies in the outermost may expand to; nil where nothing counts yet.
    var budget: ExpansionBudget?

    /// Whether a file is of a format that is known for what it is.
    ///
    /// - Parameter isText: whether it is called a plain text, which what begins like no other format may be.
    func isKnown(_ bytes: [UInt8], name: [UInt8], isText: Bool) -> Bool {
        if ContainerKind(bytes, name: name) != nil { return rules.opensContainers }
        guard ForeignContainer(bytes) == nil, let format = formats.format(of: bytes, name: name) else { return false }
        return isText || !(format is NativeFormat)
    }

    /// Opens a file; `context` is that of its own members.
    func open(_ bytes: [UInt8], name: [UInt8], _ context: FormatContext) throws(ParseError) -> any PartReader {
        let kind = ContainerKind(bytes, name: name)
        let format = formats.streamed(bytes, name: name)
        if kind != nil || format is MailFormat || format is MboxFormat {
            guard depth < rules.maximumNesting else {
                throw ParseError(
                    code: .expandsTooFar, format: kind?.name ?? format?.name ?? "-",
                    message:
                        "it lies \(depth + 1) deep in mails and containers, max_nesting is \(rules.maximumNesting)",
                    hint: "raise the limit of the drop directory and retry")
            }
        }
        if let kind {
            return ContainerReader(
                kind, HeldBytes(bytes), name: name, context, formats: formats, rules: rules)
        }
        if let reader = formats.open(bytes, name: name, context, { HeldBytes(bytes) }) { return reader }
        let formats = formats
        return WholeFileReader { () throws(ParseError) in try formats.parseMember(bytes, name: name, context) }
    }
}
