/// Articles that are made for a test; each differs from all others.
enum Sample {
    /// The headline of an article.
    static func title(_ number: Int) -> String { "Report \(number) from the harbour" }

    /// An article as native text, with words that no other has many of.
    static func article(_ number: Int) -> String {
        """
        \(title(number))

        2026-03-\(number % 28 + 1 < 10 ? "0" : "")\(number % 28 + 1) 10:00:00

        Abstract: What happened on quay \(number), in short.

        \(sentences(number, 0..<4))

        \(sentences(number, 4..<8))

        """
    }

    private static let words = [
        "crane", "pilot", "cargo", "storm", "anchor", "clerk", "grain", "timber", "signal", "market", "winter",
        "copper",
        "letter", "bridge", "engine", "garden", "school", "doctor", "ticket", "window", "barrel", "canvas", "lantern",
        "harvest", "railway", "council", "weather", "kitchen", "journal", "morning", "evening", "captain",
    ]

    private static func sentences(_ number: Int, _ range: Range<Int>) -> String {
        var state = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(range.lowerBound) &+ 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        return range.map { sentence in
            let text = (0..<10).map { _ in words[Int(next()) % words.count] }.joined(separator: " ")
            return "The \(text) of quay \(number) came to \(next() % 10_000) on day \(sentence)."
        }.joined(separator: " ")
    }
}
