import Testing

@testable import TextAnalysis

@Suite struct WordHashesTests {
    private func hashes(_ text: [UInt8], _ unspaced: Words.UnspacedScripts) -> [UInt64] {
        var hashes = WordHashes()
        text.withUnsafeBufferPointer { hashes.append($0, unspaced: unspaced) }
        return hashes.withHashes { Array($0) }
    }

    @Test(arguments: [Words.UnspacedScripts.together, .apart])
    func `they are the hashes of the words, whatever the bytes`(unspaced: Words.UnspacedScripts) {
        var state: UInt64 = 1
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces: [[UInt8]] =
            [
                "A", "b", "_", "9", " ", "-", "'", ".", "Σ", "ς", "İ", "é", "Ж", "日", "ก", "\u{301}", "½", "𝔘",
                "\u{300c}",
            ].map {
                Array($0.utf8)
            } + [[0xff], [0xc3], [0xe6, 0x97], [0xf0, 0x9f]]
        for _ in 0..<3000 {
            let text = (0..<draw(12)).flatMap { _ in pieces[draw(pieces.count)] }
            var words = Words()
            words.scan(text, unspaced: unspaced)
            #expect(hashes(text, unspaced) == words.hashes, "\(text)")
        }
    }

    @Test func `several texts are added, and taken out`() {
        var hashes = WordHashes()
        let text = Array("one two".utf8)
        text.withUnsafeBufferPointer {
            hashes.append($0)
            hashes.append($0)
        }
        #expect(hashes.count == 4)
        #expect(!hashes.hasUnspaced)
        hashes.removeAll()
        #expect(hashes.count == 0)
    }

    @Test func `scripts without spaces are noticed`() {
        var hashes = WordHashes()
        Array("Tokyo 東京".utf8).withUnsafeBufferPointer { hashes.append($0) }
        #expect(hashes.hasUnspaced)
        #expect(hashes.count == 2)
    }

    @Test(arguments: [
        ("ΟΔΟΣ", ["οδος"]), ("ΣΑΣ", ["σας"]), ("Σ", ["σ"]), ("ΑΣ'Α", ["ασ", "α"]), ("Α'Σ", ["α", "ς"]),
        ("ΑΣ.", ["ας"]), ("ΑΣ1", ["ας1"]), ("1Σ", ["1σ"]),
    ])
    func `a sigma has its final form as Python has it`(text: String, expected: [String]) {
        var words = Words()
        words.scan(text)
        #expect((0..<words.count).map { words.text($0) } == expected)
    }
}
