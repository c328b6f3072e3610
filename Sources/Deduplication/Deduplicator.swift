package import Articles
package import Messaging
package import SQLite

/// Judges articles in the order of their stream: unique, exact or near duplicate, revision; and keeps what it must know.
///
/// State stands in tables on the connection it is prepared on, and in memory for the articles within the time window.
/// It does not read streams or report; that is ``DeduplicationProcessor``. It has one owner.
package final class Deduplicator {
    /// Where an article's record stands.
    package struct Place: Sendable, Hashable {
        package var stream: String
        package var epoch: UInt32
        package var seq: UInt64
        /// When the record was committed, milliseconds since 1970: the time of the window.
        package var timeMilliseconds: Int64

        /// Makes a place.
        package init(stream: String, epoch: UInt32, seq: UInt64, timeMilliseconds: Int64) {
            self.stream = stream
            self.epoch = epoch
            self.seq = seq
            self.timeMilliseconds = timeMilliseconds
        }
    }

    /// An article that is to be judged.
    private struct Arrival {
        let article: Article
        let stream: String
        let document: Int64
        let text: ComparedText
        /// Nil where it has no words, or is withheld: nobody's copy is judged by a text that is not to be shown.
        let sketch: Sketch?
        let traits: DocumentRow.Traits
    }

    private struct Decision {
        var judgement: Judgement
        var story: Int64
        var sketch: Int64?
        var merged: [Int64] = []
        /// The articles that started the merged stories.
        var mergedIDs: [ArticleID] = []
        var into: StoryMerge?
        /// Of a near duplicate whose sketch it is like.
        var original: Int64?
    }

    private struct StreamEpoch: Hashable {
        var stream: String
        var epoch: UInt32
    }

    private let threshold: Double
    private let containment: Double
    private let windowMilliseconds: Int64
    private let banding: Banding
    private var sketcher: Sketcher
    var memory: Memory
    private var store: DeduplicationStore?
    var lineCounts = LineCounts()
    private var lastDocument: Int64 = 0
    private var latestTime: Int64 = 0
    /// The ids of the stories that the last judgement showed to be parts of its own; none where it was judged before.
    private(set) var joinedStories: [ArticleID] = []
    private var highestSeq: [StreamEpoch: UInt64] = [:]

    /// A containment says nothing of a text that has fewer shingles: one sentence quoted is no copy.
    static let leastContainedSize = 20
    /// How many candidates of further stories are verified once one was found.
    static let mergeLimit = 64
    /// After how many articles what has expired is removed.
    static let expiryInterval: Int64 = 256

    /// Makes a deduplicator; ``prepare(_:)`` must be called before it judges.
    ///
    /// - Parameters:
    ///   - threshold: the least Jaccard similarity of near duplicates.
    ///   - window: how long an article is a candidate after it, or an exact duplicate of it, was seen.
    ///   - containment: the least part of the shorter text's shingles that a trimmed or extended copy shares.
    package init(threshold: Double = 0.8, window: Duration = .seconds(30 * 86_400), containment: Double = 0.9) {
        self.threshold = threshold
        self.containment = containment
        windowMilliseconds = window.components.seconds * 1000
        banding = Banding(threshold: threshold)
        sketcher = Sketcher(banding: banding)
        memory = Memory(banding: banding)
    }

    /// The version of the tables.
    package static var stateVersion: StateVersion { DeduplicationStore.stateVersion }

    /// The tables, once they are there.
    var prepared: DeduplicationStore {
        guard let store else { preconditionFailure("the deduplicator was not prepared") }
        return store
    }

    /// Returns whether an article was killed.
    package func isKilled(_ article: Article) throws -> Bool {
        guard let uri = article.uri else { return false }
        return try prepared.hidden.isKilled(source: article.source, uri: uri)
    }

    /// The number of articles that later ones are compared with.
    package var candidateCount: Int { memory.count }

    /// Makes the tables where there are none and loads the window.
    package func prepare(_ connection: Connection) throws {
        try connection.transaction {
            let store = try DeduplicationStore(connection: connection)
            self.store = store
            lastDocument = try store.lastDocument()
            latestTime = try store.latestTime()
            highestSeq = [:]
            try store.forEachStream { highestSeq[StreamEpoch(stream: $0, epoch: $1)] = $2 }
            memory = Memory(banding: banding, merges: try store.merges())
            let keysAreCurrent =
                try store.meta("bands") == Int64(banding.bands) && store.meta("rows") == Int64(banding.rows)
            if !keysAreCurrent { try rebuildKeys(store) }
            let cutoff = latestTime - windowMilliseconds
            memory.reserveCapacity(try store.documentCount())
            lineCounts = LineCounts()
            try store.forEachDocument(since: cutoff, lines: { lineCounts.add($0.dropFirst()) }) {
                row, sketch, keys in
                if row.replacementKey != 0, !row.traits.contains(.isLate) {
                    memory.setCurrent(row.document, replacementKey: row.replacementKey, seen: row.seenMilliseconds)
                }
                guard let sketch else { return }
                guard keys.count >= banding.bands else { throw DeduplicationError.damagedRow(document: row.document) }
                memory.load(
                    document: row.document, seen: row.seenMilliseconds, story: row.story,
                    fingerprint: sketch.fingerprint, size: sketch.size, keys: keys)
            }
            memory.finishLoading()
        }
    }

    /// The threshold was changed: other bands, so other keys, made of the stored shingles.
    private func rebuildKeys(_ store: DeduplicationStore) throws {
        let hasher = MinHasher(banding: banding)
        for document in try store.sketchedDocuments() {
            guard let shingles = try store.shingles(document) else { continue }
            try store.updateKeys(hasher.keys(of: shingles) + Sketch.anchors(of: shingles), document: document)
        }
        try store.setMeta("bands", Int64(banding.bands))
        try store.setMeta("rows", Int64(banding.rows))
    }

    /// Judges an article and notes it, within the caller's transaction; the same place gets the same judgement again.
    ///
    /// Memory changes only after the last call that can throw, but for killed articles, which leave it for ever.
    ///
    /// - Parameters:
    ///   - record: the article's record, kept of a copy for the case that its first is withdrawn.
    ///   - publish: called last, for an article that belongs on the stream of unique articles and was not judged before.
    package func judge(
        _ article: Article, at place: Place, record: [UInt8] = [], publish: () throws -> Void
    ) throws -> Judgement {
        joinedStories = []
        let store = prepared
        let streamEpoch = StreamEpoch(stream: place.stream, epoch: place.epoch)
        if let highest = highestSeq[streamEpoch], place.seq <= highest,
            let known = try store.document(stream: place.stream, epoch: place.epoch, seq: place.seq)
        {
            return known.judgement
        }
        let now = max(latestTime, place.timeMilliseconds)
        let cutoff = now - windowMilliseconds
        let document = lastDocument + 1
        let isWithheld = article.pubStatus != .usable
        let text = ComparedText(article, lineCounts)
        let sketch = isWithheld ? nil : sketcher.sketch(article, text)
        let replacementKey = HiddenArticles.key(of: article)
        let previous =
            try replacementKey == 0
            ? nil
            : memory.current(replacementKey: replacementKey, since: cutoff).flatMap { try store.document($0) }
        let standing = VersionStanding(version: previous?.version, id: previous?.id ?? article.id)
        var traits: DocumentRow.Traits = isWithheld ? .isWithheld : []
        switch standing.effect(of: article.version, id: article.id) {
        case .late: traits.insert(.isLate)
        case .rewrites: traits.insert(.rewrites)
        case .replaces: break
        }
        let isLate = traits.contains(.isLate)
        if replacementKey != 0, !isLate {
            if isWithheld {
                try store.hidden.withhold(replacementKey)
            } else if previous?.traits.contains(.isWithheld) != false {
                try store.hidden.release(replacementKey)
            }
        }
        let arrival = Arrival(
            article: article, stream: place.stream, document: document, text: text, sketch: sketch, traits: traits)
        var decision = try decide(arrival, previous, cutoff)
        decision.judgement.isLate = isLate
        if traits.contains(.rewrites) { decision.judgement.warning = VersionStanding.warning(of: article.version) }

        let counted = try decision.sketch == document ? countedLines(text, decision) : []
        try store.insert(
            DocumentRow(
                document: document, stream: place.stream, epoch: place.epoch, seq: place.seq, timeMilliseconds: now,
                version: isLate ? article.version : standing.replaced(by: article.version, id: article.id).version,
                replacementKey: replacementKey, traits: traits, id: article.id, judgement: decision.judgement,
                story: decision.story, sketch: decision.sketch))
        if let sketch, decision.sketch == document {
            try store.insert(sketch, lines: counted, document: document)
        } else if let copied = decision.sketch {
            try store.touch(copied, seenMilliseconds: now)
        }
        if let into = decision.into { for story in decision.merged { try store.insertMerge(story, into: into) } }
        if !record.isEmpty, !decision.judgement.isPassedOn, !isLate, !isWithheld {
            let topic = Topic.article(source: article.source, language: article.language)
            try store.keep(record, topic: topic.description, document: document, story: decision.story)
        }
        let isExpiryDue = document % Self.expiryInterval == 0
        let forgotten =
            try isExpiryDue ? store.removeExpired(before: cutoff, limit: Int(Self.expiryInterval) * 4) : []
        if decision.judgement.isPassedOn { try publish() }

        // Nothing throws from here on.
        lastDocument = document
        latestTime = now
        joinedStories = decision.mergedIDs
        highestSeq[streamEpoch] = max(highestSeq[streamEpoch] ?? 0, place.seq)
        if let sketch, decision.sketch == document {
            memory.append(
                document: document, seen: now, fingerprint: sketch.fingerprint, size: sketch.shingles.count,
                story: decision.story, bandKeys: sketch.bandKeys, anchors: sketch.anchors, shingles: sketch.shingles)
        } else if let copied = decision.sketch, let slot = memory.slot(document: copied) {
            memory.touch(slot, seen: now)
        }
        if replacementKey != 0, !isLate { memory.setCurrent(document, replacementKey: replacementKey, seen: now) }
        if let into = decision.into { for story in decision.merged { memory.merge(story, into: into) } }
        lineCounts.add(counted.dropFirst())
        for lines in forgotten { lineCounts.remove(lines.dropFirst()) }
        if isExpiryDue { memory.removeExpired(before: cutoff) }
        return decision.judgement
    }

    // MARK: Deciding

    /// The lines of an article that are counted: those of one that is new, and of a near duplicate with another title, for
    /// which the lines may be all that makes it one. Copies of one text say nothing of what others have.
    private func countedLines(_ text: ComparedText, _ decision: Decision) throws -> [UInt32] {
        guard text.lines.count > 1 else { return [] }
        switch decision.judgement.verdict {
        case .unique: return text.lines
        case .exact, .revision: return []
        case .near:
            let known = try decision.original.map { try prepared.lines($0) } ?? []
            return ComparedText.hasOtherTitle(text.lines, than: known) ? text.lines : []
        }
    }

    private func decide(_ arrival: Arrival, _ previous: DocumentRow?, _ cutoff: Int64) throws -> Decision {
        let (article, document, sketch) = (arrival.article, arrival.document, arrival.sketch)
        let twin = try sketch.flatMap { try self.twin($0, cutoff) }
        if let previous {
            // The same article is sent twice; anything else revises, also that it may be shown or no longer.
            let isSame =
                previous.id == article.id
                && previous.traits.contains(.isWithheld) == arrival.traits.contains(.isWithheld)
            return decision(
                isSame ? .exact : .revision, of: previous, for: arrival, try overlap(with: previous.sketch, sketch),
                sketch: twin?.document ?? (sketch == nil ? nil : document))
        }
        if let twin {
            return decision(
                .exact, of: twin, for: arrival, .init(similarity: 1, containment: 1), sketch: twin.document)
        }
        if let sketch, let near = try nearest(sketch, arrival, cutoff) { return near }
        return Decision(
            judgement: Judgement(verdict: .unique, first: nil, similarity: 0, containment: 0, story: article.id),
            story: document, sketch: sketch == nil ? nil : document)
    }

    /// The earliest document within the window that has the same text and may be shown.
    private func twin(_ sketch: Sketch, _ cutoff: Int64) throws -> DocumentRow? {
        for slot in memory.slots(fingerprint: sketch.fingerprint, since: cutoff) {
            if let row = try shown(slot) { return row }
        }
        return nil
    }

    /// The document of a slot, or the copy that took its place; nil where it is not to be shown.
    private func shown(_ slot: Int) throws -> DocumentRow? {
        let store = prepared
        guard let row = try store.document(memory.documents[slot]) else { return nil }
        switch try row.traits.contains(.isErased) ? .killed : store.hidden.cause(row.replacementKey) {
        case nil: return row
        case .withheld: return nil
        case .killed:
            let copy = try store.copy(of: row.document) { try $0.isPassedOn && isShown($0) }
            // For ever, so that it is looked up once.
            if copy == nil { memory.withdraw(slot) }
            return copy
        }
    }

    private func decision(
        _ verdict: Judgement.Verdict, of row: DocumentRow, for arrival: Arrival, _ overlap: Shingles.Overlap,
        sketch: Int64?
    ) -> Decision {
        let story = storyOf(row)
        return Decision(
            judgement: Judgement(
                verdict: verdict,
                first: .init(id: row.id, seq: row.seq, stream: row.stream == arrival.stream ? nil : row.stream),
                similarity: overlap.similarity, containment: overlap.containment, story: story.id),
            story: story.story, sketch: sketch)
    }

    /// Verifies the candidates in the order of their arrival; the first that passes is the answer, and further ones are
    /// looked at only where they belong to other stories, which then are one.
    private func nearest(_ sketch: Sketch, _ arrival: Arrival, _ cutoff: Int64) throws -> Decision? {
        let store = prepared
        var found: Decision?
        var stories: [Int64: StoryMerge] = [:]
        var verified = 0
        for slot in memory.candidates(sketch, since: cutoff) {
            let story = memory.merge(of: memory.stories[slot])?.story ?? memory.stories[slot]
            if found != nil, stories[story] != nil || verified >= Self.mergeLimit { continue }
            if found != nil { verified += 1 }
            let size = Int(memory.sizes[slot])
            let best = Double(min(size, sketch.shingles.count)) / Double(max(size, sketch.shingles.count))
            let canContain = min(size, sketch.shingles.count) >= Self.leastContainedSize
            guard best >= threshold || canContain else { continue }
            guard let other = try memory.shingles(slot) ?? store.shingles(memory.documents[slot]) else { continue }
            let overlap = Shingles.overlap(other, sketch.shingles)
            guard overlap.similarity >= threshold || (canContain && overlap.containment >= containment) else {
                continue
            }
            guard let row = try shown(slot) else { continue }
            let merge = storyOf(row)
            stories[merge.story] = merge
            guard found == nil else { continue }
            found = decision(.near, of: row, for: arrival, overlap, sketch: arrival.document)
            found?.original = memory.documents[slot]
            found?.judgement.newSentences = NewSentences.find(
                in: arrival.text.body, language: arrival.article.language, width: sketch.width, known: other)
        }
        guard var result = found else { return nil }
        guard stories.count > 1, let oldest = stories.values.min(by: { $0.story < $1.story }) else { return result }
        result.into = oldest
        result.merged = stories.keys.filter { $0 != oldest.story }.sorted()
        result.mergedIDs = result.merged.compactMap { stories[$0]?.id }
        result.story = oldest.story
        result.judgement.story = oldest.id
        return result
    }

    func storyOf(_ row: DocumentRow) -> StoryMerge {
        memory.merge(of: row.story) ?? StoryMerge(story: row.story, id: row.judgement.story)
    }

    private func overlap(with document: Int64?, _ sketch: Sketch?) throws -> Shingles.Overlap {
        guard let document, let sketch else { return .init(similarity: 0, containment: 0) }
        let held = memory.slot(document: document).flatMap { memory.shingles($0) }
        guard let other = try held ?? prepared.shingles(document) else { return .init(similarity: 0, containment: 0) }
        return Shingles.overlap(other, sketch.shingles)
    }
}
