/// How long a summary may be: each limit that is set holds, and a whole sentence is given or none of it.
package struct Budget: Sendable, Equatable {
    /// Sentences, at most.
    package let sentences: Int
    /// Words of the sentences together, at most; nil for no limit. Of scripts without spaces each character is one.
    package let words: Int?
    /// Unicode scalars of the sentences joined by a space, at most; nil for no limit.
    package let characters: Int?

    /// The sentences where no limit is given.
    package static let standardSentences = 3
    /// More sentences are never given.
    package static let mostSentences = 100

    /// Makes a budget; without any limit it is three sentences.
    package init(sentences: Int? = nil, words: Int? = nil, characters: Int? = nil) {
        let isBare = words == nil && characters == nil
        self.sentences = min(
            Self.mostSentences, max(1, sentences ?? (isBare ? Self.standardSentences : Self.mostSentences)))
        self.words = words
        self.characters = characters
    }

    /// What is left of a budget while sentences are chosen.
    struct Rest {
        private var sentences: Int
        private var words: Int
        private var characters: Int
        private var isFirst = true

        init(_ budget: Budget) {
            sentences = budget.sentences
            words = budget.words ?? .max
            characters = budget.characters ?? .max
        }

        /// No further sentence has room.
        var isSpent: Bool { sentences == 0 || words <= 0 || characters <= 0 }

        /// A sentence of so many words and scalars has room.
        func hasRoom(words: Int, characters: Int) -> Bool {
            sentences > 0 && words <= self.words && characters + (isFirst ? 0 : 1) <= self.characters
        }

        mutating func take(words: Int, characters: Int) {
            sentences -= 1
            self.words -= words
            self.characters -= characters + (isFirst ? 0 : 1)
            isFirst = false
        }
    }
}
