import Articles
import Deduplication
import Testing

@Suite struct PairFinderTests {
    @Test(arguments: [0.3, 0.5, 0.8])
    func `the pairs found are those that comparing all with all finds`(threshold: Double) {
        var dice = Dice(state: 7)
        let texts = dice.articles(160).compactMap(\.body)
        var finder = PairFinder(threshold: threshold)
        let found = texts.flatMap { finder.add($0) }
        let sets = texts.map { text -> Set<[Substring]> in
            let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
            return words.count < 5 ? [] : Set((0...(words.count - 5)).map { Array(words[$0..<($0 + 5)]) })
        }
        var expected: Set<[Int]> = []
        for second in sets.indices {
            for first in 0..<second where !sets[first].isEmpty && !sets[second].isEmpty {
                let shared = sets[first].intersection(sets[second]).count
                if Double(shared) / Double(sets[first].union(sets[second]).count) >= threshold {
                    expected.insert([first, second])
                }
            }
        }
        #expect(expected.count > 20)
        #expect(Set(found.map { [$0.first, $0.second] }) == expected)
    }

    @Test func `a trimmed copy is found by containment only`() {
        var dice = Dice(state: 3)
        let long = dice.text(400)
        let trimmed = long.split(separator: " ").prefix(100).joined(separator: " ")
        var plain = PairFinder(threshold: 0.8)
        var containing = PairFinder(threshold: 0.8, containment: 0.9)
        #expect((plain.add(long) + plain.add(trimmed)).isEmpty)
        #expect((containing.add(long) + containing.add(trimmed)).map(\.overlap.containment) == [1])
    }
}
