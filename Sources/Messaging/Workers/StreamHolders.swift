/// Which of several lines to logs reads a stream, so that one that is reached at two places is read once.
final class StreamHolders {
    /// What comes of asking for a stream.
    enum Claim {
        /// It is the asking line's.
        case granted
        /// Another line reads it: the same server at another address, or another server that says it is the same stream.
        case held(isSameServer: Bool)
    }

    private var holders: [StreamID: (line: ObjectIdentifier, boot: String)] = [:]

    /// Asks for a stream.
    ///
    /// - Parameter boot: the server's own name since its start.
    func claim(_ stream: StreamID, boot: String, by line: AnyObject) -> Claim {
        if let holder = holders[stream], holder.line != ObjectIdentifier(line) {
            return .held(isSameServer: holder.boot == boot)
        }
        release(by: line)
        holders[stream] = (ObjectIdentifier(line), boot)
        return .granted
    }

    /// A line does not read its stream any more.
    func release(by line: AnyObject) { holders = holders.filter { $0.value.line != ObjectIdentifier(line) } }
}
