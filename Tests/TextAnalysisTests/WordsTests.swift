import Testing
import TextAnalysis

@Suite struct WordsTests {
    private func words(_ text: String, _ unspaced: Words.UnspacedScripts = .together) -> [String] {
        var words = Words()
        words.scan(text, unspaced: unspaced)
        return (0..<words.count).map { words.text($0) }
    }

    @Test(arguments: [
        ("Hello, World_2!", ["hello", "world_2"]),
        ("It's 5.93 mln-bags", ["it", "s", "5", "93", "mln", "bags"]),
        ("Ärger über ÖSTERREICH, élève", ["ärger", "über", "österreich", "élève"]),
        ("ΟΔΟΣ Σ ΣΑΣ.", ["οδος", "σ", "σας"]),
        ("İstanbul", ["i", "stanbul"]),
        ("Привет МИР", ["привет", "мир"]),
        ("東京で2人、逮捕", ["東京で2人", "逮捕"]),
        ("½ x² Ⅷ", ["½", "x²", "ⅷ"]),
        ("naïvecafé", ["naïvecafé"]),
        ("हिन्दी", ["ह", "न", "द"]),
        ("a\u{301}b", ["a", "b"]),
        ("", []), ("—…“”", []),
    ])
    func `words are those of Python's regular expression`(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func `characters of scripts without spaces can stand apart`() {
        #expect(words("ABC東京 2人 Ok", .apart) == ["abc", "東", "京", "2", "人", "ok"])
    }

    @Test func `equal words have equal hashes whatever way they were read`() {
        var words = Words()
        words.scan("CAFÉ café Tea TEA tea")
        #expect(words.hashes[0] == words.hashes[1])
        #expect(Set(words.hashes).count == 2)
        #expect(words.hashes[2] == Words.hash(of: "tea".utf8))
        #expect(words.hashes[0] == Words.hash(of: "café".utf8))
    }

    @Test func `places and shapes point back into the text`() {
        var words = Words()
        let text = "Der ÖBB-Chef 007 iPhone"
        words.scan(text)
        let bytes = Array(text.utf8)
        let found = (0..<words.count).map { String(decoding: bytes[words.starts[$0]..<words.stops[$0]], as: UTF8.self) }
        #expect(found == ["Der", "ÖBB", "Chef", "007", "iPhone"])
        #expect(words.shapes[1] == [.capitalized, .upperInside])
        #expect(words.shapes[3] == .digits)
        #expect(words.shapes[4] == .upperInside)
    }

    @Test func `ill-formed bytes part words and nothing else`() {
        var words = Words()
        words.scan([0x61, 0xff, 0x62, 0xe2, 0x82, 0x63, 0xc3])
        #expect((0..<words.count).map { words.text($0) } == ["a", "b", "c"])
    }

    @Test func `case folding makes case vanish`() {
        let fold = { (text: String) in String(decoding: CaseFolding.fold(Array(text.utf8)), as: UTF8.self) }
        #expect(fold("STRASSE Straße") == "strasse strasse")
        #expect(fold("ΟΔΟΣ οδος") == "οδοσ οδοσ")
    }

    @Test func `a hash set holds what was put in, zero too`() {
        var set = HashSet64()
        let values = (0..<500).map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 }
        let areNew = values.map { set.insert($0) }
        let isNewAgain = set.insert(0)
        #expect(areNew.allSatisfy { $0 } && !isNewAgain)
        #expect(set.count == 500)
        #expect(values.allSatisfy(set.contains))
        #expect(!set.contains(12345))
    }
}
