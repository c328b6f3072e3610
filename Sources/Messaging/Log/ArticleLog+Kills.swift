package import Articles

extension ArticleLog {
    /// Appends a kill inside the owner's open transaction: once on its own topic, and once on every other topic that its
    /// source has on this log.
    ///
    /// A cancellation often names no language, or another one than its article, and the log is not asked what topic an
    /// article had; so whoever follows one topic of the source hears of it. A kill takes effect once however often it comes.
    ///
    /// - Parameters:
    ///   - topic: of the kill: `art/<source>/<language>/`.
    ///   - record: the kill's bytes.
    /// - Returns: the sequence numbers of its copies.
    package func append(kill record: [UInt8], topic: Topic) throws -> ClosedRange<UInt64> {
        let own = topic.description
        let first = try append(topic: topic, record: record).seq
        // The topic without its language: all before the last part.
        let source = own.dropLast().lastIndex(of: "/").map { own[...$0] } ?? own[...]
        for other in topicNames(under: source) where other != own {
            _ = try append(topic: Topic(stored: other), record: record)
        }
        return first...head
    }
}
