import Articles
import Deduplication
import Testing

@Suite struct PairFinderTests {
    /// The pairs of texts, by the order in which they are added.
    private func pairs(
        _ texts: [String], titles: [String?]? = nil, threshold: Double = 0.8, containment: Double? = nil,
        budget: Int = PairFinder.budget
    ) throws -> [PairFinder.Pair] {
        var finder = PairFinder(threshold: threshold, containment: containment, budget: budget)
        for (index, text) in texts.enumerated() { try finder.add(text, title: titles?[index]) }
        var found: [PairFinder.Pair] = []
        try finder.finish { found.append($0) }
        return found
    }

    private func sets(_ texts: [String]) -> [Set<[Substring]>] {
        texts.map { text in
            let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
            return words.count < 5 ? [] : Set((0...(words.count - 5)).map { Array(words[$0..<($0 + 5)]) })
        }
    }

    /// All pairs by comparing all with all.
    private func expected(_ texts: [String], _ isPair: (_ shared: Int, _ left: Int, _ right: Int) -> Bool) -> [[Int]] {
        let sets = sets(texts)
        var pairs: [[Int]] = []
        for second in sets.indices {
            for first in 0..<second where !sets[first].isEmpty && !sets[second].isEmpty {
                let shared = sets[first].intersection(sets[second]).count
                if isPair(shared, sets[first].count, sets[second].count) { pairs.append([first, second]) }
            }
        }
        return pairs
    }

    @Test(arguments: [0.05, 0.3, 0.5, 0.8, 1.0])
    func `the pairs found are those that comparing all with all finds, in the order of the texts`(threshold: Double)
        throws
    {
        var dice = Dice(state: 7)
        let texts = dice.articles(160).compactMap(\.body)
        let found = try pairs(texts, threshold: threshold)
        let expected = expected(texts) { Double($0) / Double($1 + $2 - $0) >= threshold }
        #expect(expected.count > 20)
        #expect(found.map { [$0.first, $0.second] } == expected)
    }

    @Test(arguments: [0.5, 0.9, 1.0])
    func `with containment also those of which one has that part of the other's shingles`(containment: Double) throws {
        var dice = Dice(state: 11)
        // No short text, for which there is a rule of its own.
        let texts = dice.articles(160).compactMap(\.body).filter { $0.split(separator: " ").count >= 20 }
        let found = try pairs(texts, threshold: 0.8, containment: containment)
        let expected = expected(texts) { shared, left, right in
            Double(shared) / Double(left + right - shared) >= 0.8
                || min(left, right) >= 20 && Double(shared) / Double(min(left, right)) >= containment
        }
        #expect(expected.count > 20)
        #expect(found.map { [$0.first, $0.second] } == expected)
    }

    @Test func `what does not fit into memory is read again from a file, and the pairs are the same`() throws {
        var dice = Dice(state: 5)
        let texts = dice.articles(400).compactMap(\.body)
        for containment in [nil, 0.9] {
            let held = try pairs(texts, threshold: 0.5, containment: containment)
            #expect(held.count > 20)
            #expect(try pairs(texts, threshold: 0.5, containment: containment, budget: 4096) == held)
            #expect(try pairs(texts, threshold: 0.5, containment: containment, budget: 0) == held)
        }
    }

    @Test func `every pair among copies is found, not only each one's first`() throws {
        var dice = Dice(state: 4)
        let text = dice.text(60)
        let found = try pairs([text, dice.text(60), text, text.uppercased()])
        #expect(found.map { [$0.first, $0.second] } == [[0, 2], [0, 3], [2, 3]])
        #expect(found.allSatisfy { $0.overlap == .init(similarity: 1, containment: 1) })
    }

    @Test func `a pair exactly at the threshold is one`() throws {
        // Ten shingles and eight of them: 0.8.
        let words = (0..<14).map { "w\($0)" }
        let texts = [words.joined(separator: " "), words.prefix(12).joined(separator: " ")]
        #expect(try pairs(texts, threshold: 0.8).map(\.overlap.similarity) == [0.8])
        #expect(try pairs(texts, threshold: 0.81).isEmpty)
    }

    @Test func `words are those of Python's regular expression`() throws {
        // Case, punctuation and a combining mark part or join words as they do there.
        #expect(
            try pairs(["Ein_Wort ΟΔΟΣ, straße—ΑΣ'Α 4½", "ein_wort οδος straße ασ α 4½"]).map(\.overlap.similarity) == [
                1
            ])
    }

    @Test func `texts of fewer than five words are in no pair by the plain rule, and by three words with containment`()
        throws
    {
        let texts = ["Bank raises rates", "bank raises rates!", "Bank cuts rates"]
        #expect(try pairs(texts).isEmpty)
        #expect(try pairs(texts, containment: 0.9).map { [$0.first, $0.second] } == [[0, 1]])
        let titles = ["Bank raises rates", "Minister resigns", "Bank raises rates"]
        #expect(
            try pairs(["More follows.", "More follows.", "More follows."], titles: titles, containment: 0.9)
                .map { [$0.first, $0.second] } == [[0, 2]])
    }

    @Test func `texts without spaces are compared by characters with containment`() throws {
        let text = "東京都は四日、新しい防災計画を発表した。計画では首都直下地震に備えて避難所の数を二倍に増やすとしている。"
        let texts = [text, "大阪府は六日、別の計画について記者会見を開き、知事が概要を説明した。", text.replacing("四日", with: "五日")]
        #expect(try pairs(texts).isEmpty)
        #expect(try pairs(texts, containment: 0.9).map { [$0.first, $0.second] } == [[0, 2]])
    }

    @Test func `no text and empty texts give no pair`() throws {
        #expect(try pairs([]).isEmpty)
        #expect(try pairs(["", "", "… !", "… !"], containment: 0.9).isEmpty)
    }
}
