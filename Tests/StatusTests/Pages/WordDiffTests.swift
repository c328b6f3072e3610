import Testing

@testable import Status

@Suite struct WordDiffTests {
    private typealias Piece = WordDiff.Piece

    /// Reads what both texts were back out of the pieces.
    private func texts(_ difference: WordDiff) -> (old: String, new: String) {
        func text(without kind: Piece.Kind) -> String {
            difference.pieces.filter { $0.kind != kind }.map(\.text).joined()
        }
        return (text(without: .added), text(without: .removed))
    }

    @Test func `a word that is replaced is removed and added, and all else is the same`() throws {
        let difference = try #require(
            WordDiff(from: "The port opens at six today.", to: "The port opens at seven today."))
        #expect(
            difference.pieces == [
                Piece(kind: .same, text: "The port opens at "), Piece(kind: .removed, text: "six today."),
                Piece(kind: .added, text: "seven today."),
            ]
                || difference.pieces == [
                    Piece(kind: .same, text: "The port opens at "), Piece(kind: .removed, text: "six "),
                    Piece(kind: .added, text: "seven "), Piece(kind: .same, text: "today."),
                ])
        #expect(texts(difference).new == "The port opens at seven today.")
    }

    @Test func `what comes first, last or between is added alone`() throws {
        for (old, new, added) in [
            ("b c", "a b c", "a "), ("a b", "a b c", "c"), ("a\n\nd", "a\n\nb c\n\nd", "b c\n\n"),
        ] {
            // A single word at the end has no space behind it in one text and one in the other.
            let difference = try #require(WordDiff(from: old, to: new))
            #expect(difference.pieces.filter { $0.kind == .added }.map(\.text).joined() == added, "\(difference)")
            #expect(difference.removed == 0)
        }
    }

    @Test func `single words that both have by chance part no change`() throws {
        let difference = try #require(
            WordDiff(from: "one two the three four end end end", to: "five six the seven eight end end end"))
        #expect(
            difference.pieces == [
                Piece(kind: .removed, text: "one two the three four "),
                Piece(kind: .added, text: "five six the seven eight "),
                Piece(kind: .same, text: "end end end"),
            ])
        #expect(difference.added == 5 && difference.removed == 5)
    }

    @Test func `of any two texts both can be read back`() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            func text() -> String {
                (0..<Int.random(in: 0...14, using: &generator)).map { _ in
                    "abcd"[Int.random(in: 0..<4, using: &generator)]
                }.joined(separator: " ")
            }
            let (old, new) = (text(), text())
            let (first, second) = texts(try #require(WordDiff(from: old, to: new)))
            func words(_ text: String) -> [Substring] { text.split(separator: " ") }
            #expect(words(first) == words(old) && words(second) == words(new), "\(old) → \(new)")
        }
    }

    @Test func `texts that are too long or have nothing in common are not compared`() {
        let long = (0..<9000).map { "w\($0)" }.joined(separator: " ")
        #expect(WordDiff(from: long, to: long + " x") == nil)
        let (first, second) = (0, 1)
        func words(_ kind: Int) -> String { (0..<2000).map { "\(kind)w\($0)" }.joined(separator: " ") }
        #expect(WordDiff(from: words(first), to: words(second)) == nil)
        #expect(WordDiff(from: words(first), to: words(first) + " more") != nil)
    }
}

extension String {
    fileprivate subscript(_ offset: Int) -> String { String(self[index(startIndex, offsetBy: offset)]) }
}

/// Numbers that are the same each time.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
