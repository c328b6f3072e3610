import Articles

/// Stories as a whole: their first and latest article, and who takes the place of a first that is withdrawn.
extension Deduplicator {
    /// Notes that an article is killed, within the caller's transaction.
    ///
    /// - Returns: nil where that was known. Else the articles that take its place as the first of their stories, of those that
    ///   were not passed on: they are to be now.
    package func kill(source: String, uri: String) throws -> [Survivor]? {
        let store = prepared
        guard try store.hidden.kill(source: source, uri: uri) else { return nil }
        let key = HiddenArticles.key(source: source, uri: uri)
        let killed = try store.documents(replacementKey: key)
        try store.forgetText(replacementKey: key)
        var survivors: [Survivor] = []
        for story in Set(killed.map { storyOf($0).story }).sorted() {
            let first = killed.filter { storyOf($0).story == story }.map(\.document).min() ?? 0
            if let survivor = try succeed(to: first, in: story) { survivors.append(survivor) }
        }
        return survivors
    }

    /// Puts the earliest article of a story that may be shown in the place of a killed one, where that was the first; returns
    /// it where it was not passed on yet.
    func succeed(to killed: Int64, in story: Int64) throws -> Survivor? {
        let store = prepared
        let parts = [story] + memory.stories(mergedInto: story)
        let heirs = try parts.compactMap { part in
            try store.document(ofStory: part) { row in
                guard try isShown(row) else { return false }
                return try row.isPassedOn || store.record(row.document) != nil
            }
        }
        guard let heir = heirs.min(by: { $0.document < $1.document }), heir.document > killed else { return nil }
        let merge = StoryMerge(story: heir.document, id: heir.id)
        let others = Set(parts).subtracting([heir.document]).sorted()
        for part in others { try store.insertMerge(part, into: merge) }
        try store.removeMerge(heir.document)
        let kept = heir.isPassedOn ? nil : try store.record(heir.document)
        if kept != nil { try store.release(heir.document) }
        // Nothing throws from here on.
        for part in others { memory.merge(part, into: merge) }
        memory.removeMerge(heir.document)
        return kept.map { Survivor(id: heir.id, topic: $0.topic, record: $0.record) }
    }

    /// Returns the story of the article at a place; nil where it is not known, or nothing of its story may be shown.
    package func story(stream: String, epoch: UInt32, seq: UInt64) throws -> Story? {
        let store = prepared
        guard let row = try store.document(stream: stream, epoch: epoch, seq: seq) else { return nil }
        let story = storyOf(row).story
        let parts = [story] + memory.stories(mergedInto: story)
        let firsts = try parts.compactMap { try store.document(ofStory: $0, where: isShown) }
        let latest = try parts.compactMap { try store.document(ofStory: $0, latest: true, where: isShown) }
        guard let first = firsts.min(by: { $0.document < $1.document }),
            let last = latest.max(by: { $0.document < $1.document })
        else { return nil }
        return Story(first: first.id, latest: last.id)
    }

    /// Whether a document may be shown, and is no version that came late.
    func isShown(_ row: DocumentRow) throws -> Bool {
        try row.traits.isDisjoint(with: [.isWithheld, .isLate]) && prepared.hidden.cause(row.replacementKey) == nil
    }
}
