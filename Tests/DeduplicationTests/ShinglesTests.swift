import Deduplication
import Testing
import TextAnalysis

@Suite struct ShinglesTests {
    private func set(_ text: String, _ width: Int = 5) -> [UInt32] {
        var words = Words()
        words.scan(text)
        return Shingles.make(words: words.hashes, width: width)
    }

    @Test func `a text has a shingle for each run of words and none when it is shorter`() {
        #expect(set("a b c d e f g").count == 3)
        #expect(set("a b c d e").count == 1)
        #expect(set("a b c d").isEmpty)
        #expect(set("a a a a a a a a").count == 1)
    }

    @Test func `a shingle depends on its words and their order and on nothing before them`() {
        #expect(set("x y a b c d e").contains(set("a b c d e")[0]))
        #expect(set("a b c d e") != set("a b c e d"))
    }

    @Test func `similarity and containment are those of the sets`() {
        let overlap = Shingles.overlap(set("a b c d e f g h"), set("a b c d e f x y"))
        // abcde bcdef | cdefg defgh | cdefx defxy
        #expect(overlap == .init(similarity: 2.0 / 6, containment: 0.5))
        #expect(Shingles.overlap(set("a b c d e f"), set("a b c d e f g h")).containment == 1)
        #expect(Shingles.overlap([], set("a b c d e")) == .init(similarity: 0, containment: 0))
    }

    @Test func `similarity is symmetric and agrees with sets computed naively`() {
        var dice = Dice(state: 1)
        for _ in 0..<200 {
            let left = dice.text(Int.random(in: 5...300, using: &dice))
            let right = left.split(separator: " ").shuffledTail(by: Int.random(in: 0...40, using: &dice), &dice)
            let (a, b) = (set(left), set(right))
            #expect(Shingles.overlap(a, b) == Shingles.overlap(b, a))
            let (x, y) = (naive(left), naive(right))
            #expect(Shingles.overlap(a, b).similarity == Double(x.intersection(y).count) / Double(x.union(y).count))
            #expect(a == a.sorted() && Set(a).count == a.count)
        }
    }

    private func naive(_ text: String) -> Set<[Substring]> {
        let words = text.split(separator: " ")
        return Set((0...(words.count - 5)).map { Array(words[$0..<($0 + 5)]) })
    }

    @Test(arguments: [0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 1.0])
    func `bands are chosen so that pairs at the threshold meet`(threshold: Double) {
        let banding = Banding(threshold: threshold)
        #expect(banding.recall(at: threshold) >= 0.995)
        #expect(banding.bands * banding.rows <= 144)
        // And those far below it do not.
        #expect(threshold < 0.5 || banding.recall(at: threshold / 4) < 0.1)
    }
}

extension [Substring] {
    fileprivate func shuffledTail(by count: Int, _ dice: inout Dice) -> String {
        let kept = dropLast(Swift.min(count, self.count))
        return (kept + suffix(Swift.min(count, self.count)).shuffled(using: &dice)).joined(separator: " ")
    }
}
