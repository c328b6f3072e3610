/// What somebody may have meant.
enum Suggestion {
    /// Returns `; did you mean 'x'?` for the nearest known word, or nothing where none is near.
    static func text(for word: String, among known: [String]) -> String {
        let nearest = known.map { (word: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(2, word.count / 3) else { return "" }
        return "; did you mean '\(nearest.word)'?"
    }

    /// The edit distance (Levenshtein) of two words.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8), right = Array(right.utf8)
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a == b ? 0 : 1))
                diagonal = above
            }
        }
        return row[right.count]
    }
}
