package import Articles

/// What the deduplicator says of an article.
package struct Judgement: Sendable, Equatable {
    /// Whether the article is new.
    package enum Verdict: String, Sendable, CaseIterable {
        /// Nothing like it was seen within the window.
        case unique
        /// Its normalized text is that of an earlier article.
        case exact
        /// Most of its text is that of an earlier article, or one contains the other.
        case near
        /// The same publisher's uri came before.
        case revision
    }

    /// An article that was judged before.
    package struct Reference: Sendable, Equatable {
        package var id: ArticleID
        /// Its sequence number in the stream it came from.
        package var seq: UInt64
        /// That stream, where it is another one than that of the article that was judged.
        package var stream: String?

        /// Makes a reference.
        package init(id: ArticleID, seq: UInt64, stream: String? = nil) {
            self.id = id
            self.seq = seq
            self.stream = stream
        }
    }

    package var verdict: Verdict
    /// The earliest article within the window that it duplicates, or the version that it revises; nil for a unique one.
    package var first: Reference?
    /// Jaccard similarity of the shingles of the two, 1 for an exact duplicate, 0 for a unique article.
    package var similarity: Double
    /// The part of the shorter one's shingles that both have.
    package var containment: Double
    /// The id of the story's first article: the article's own where it starts a story.
    package var story: ArticleID
    /// It is a revision that comes after a higher version: nobody is to take it for the current one.
    package var isLate = false
    /// What is doubtful of its version.
    package var warning: String?
    /// Of a near duplicate the sentences that ``first`` lacks, at most ``NewSentences/limit``.
    package var newSentences: [String] = []

    /// Makes a judgement.
    package init(
        verdict: Verdict, first: Reference?, similarity: Double, containment: Double, story: ArticleID,
        isLate: Bool = false, warning: String? = nil
    ) {
        self.verdict = verdict
        self.first = first
        self.similarity = similarity
        self.containment = containment
        self.story = story
        self.isLate = isLate
        self.warning = warning
    }

    /// It belongs on the stream of unique articles.
    package var isPassedOn: Bool { (verdict == .unique || verdict == .revision) && !isLate }

    /// The judgement as the members of a result's `data`.
    package var data: [String: JSONValue] {
        var data: [String: JSONValue] = [
            "verdict": .string(verdict.rawValue), "story": .string(story.description),
        ]
        if let first {
            data["first"] = .string(first.id.description)
            data["first_seq"] = .integer(Int64(first.seq))
            if let stream = first.stream { data["first_stream"] = .string(stream) }
            data["similarity"] = .number(Judgement.rounded(similarity))
            data["containment"] = .number(Judgement.rounded(containment))
        }
        if verdict == .near { data["new_sentences"] = .array(newSentences.map(JSONValue.string)) }
        if isLate { data["late"] = .boolean(true) }
        if let warning { data["warning"] = .string(warning) }
        return data
    }

    private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
}
