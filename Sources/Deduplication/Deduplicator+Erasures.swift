package import Articles
package import Messaging

/// Erasing: what is kept of an article's text goes, and its story goes on without it.
extension Deduplicator {
    /// What an erasure found.
    package struct Erased {
        /// Those of them that stand on the stream of unique articles, with when their records were committed.
        package var passedOn: [(id: ArticleID, time: Int64, isReleased: Bool)] = []
        /// The articles that take their places as the first of their stories, of those that were not passed on.
        package var survivors: [Survivor] = []
        /// Some of it was not known to be erased.
        package var isNew = false
        /// No document of it is known (any more).
        package var isUnknown = false
    }

    /// Removes what is kept of the text of erased articles, within the caller's transaction.
    ///
    /// - Parameter position: where the record of the erasure stands.
    package func erase(_ gone: GoneRecord, at position: Position) throws -> Erased {
        let store = prepared
        var erased = Erased()
        let documents: [DocumentRow]
        switch gone.subject {
        case .versions(let source, let uri):
            if gone.cause == .operator { erased.isNew = try store.hidden.kill(source: source, uri: uri) }
            documents = try store.documents(replacementKey: HiddenArticles.key(source: source, uri: uri))
        case .article(let id): documents = try self.documents(id, gone, position)
        case nil: documents = []
        }
        erased.isUnknown = documents.isEmpty
        let new = documents.filter { !$0.traits.contains(.isErased) }
        erased.passedOn = new.filter(\.isPassedOn).map {
            ($0.id, $0.timeMilliseconds, $0.traits.contains(.isReleased))
        }
        guard !new.isEmpty else { return erased }
        erased.isNew = true
        for row in new {
            try store.erase(row.document)
            // Of a newest version: no older one is to be shown in its place.
            if memory.current(replacementKey: row.replacementKey, since: .min) == row.document {
                try store.hidden.withhold(row.replacementKey)
            }
        }
        for sketch in Set(new.compactMap(\.sketch)) {
            guard let lines = try store.eraseSketch(sketch) else { continue }
            if let slot = memory.slot(document: sketch) { memory.withdraw(slot) }
            lineCounts.remove(lines.dropFirst())
        }
        // What was kept for its time has made room: that is no news of its copies.
        guard gone.cause != .retention else { return erased }
        for story in Set(new.map { storyOf($0).story }).sorted() {
            let first = new.filter { storyOf($0).story == story }.map(\.document).min() ?? 0
            if let survivor = try succeed(to: first, in: story) { erased.survivors.append(survivor) }
        }
        return erased
    }

    private func documents(_ id: ArticleID, _ gone: GoneRecord, _ position: Position) throws -> [DocumentRow] {
        let store = prepared
        let stream = position.stream.description
        var rows: [DocumentRow] = []
        for seq in gone.seqs {
            for epoch in stride(from: position.epoch, to: 0, by: -1) {
                guard let row = try store.document(stream: stream, epoch: epoch, seq: seq), row.id == id else {
                    continue
                }
                rows.append(row)
                break
            }
        }
        // Its records had left the log: over all, since ids are in no index.
        return try rows.isEmpty && gone.cause == .operator ? store.documents(id: id) : rows
    }
}
