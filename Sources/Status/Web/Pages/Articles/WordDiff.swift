/// What one text has that another has not, word by word. Pure.
///
/// The algorithm is that of Myers ("An O(ND) Difference Algorithm and Its Variations"), on words with the space behind
/// them; its work is bounded, and texts that have too little in common are not compared.
struct WordDiff: Equatable {
    /// A run of words.
    struct Piece: Equatable {
        enum Kind { case same, removed, added }
        var kind: Kind
        var text: String
    }

    /// In the order of the newer text.
    let pieces: [Piece]

    /// The most words of a text, and the most words that differ.
    private enum Limit {
        static let words = 8000
        static let changes = 600
        /// So few same words between two changes belong to the change: single words that happen to be in both say nothing.
        static let island = 2
    }

    /// The words that the newer text has more, and those that it has no longer.
    var added: Int { pieces.reduce(0) { $0 + ($1.kind == .added ? WordDiff.count($1.text) : 0) } }
    var removed: Int { pieces.reduce(0) { $0 + ($1.kind == .removed ? WordDiff.count($1.text) : 0) } }

    /// Compares two texts; nil where they are too long, or too different to be compared by their words.
    init?(from old: String, to new: String) {
        let (old, new) = (WordDiff.words(of: old), WordDiff.words(of: new))
        guard old.count <= Limit.words, new.count <= Limit.words else { return nil }
        var numbers: [Substring: Int32] = [:]
        func numbered(_ words: [Substring]) -> [Int32] {
            words.map { word in
                // A word is the same before a space and before a line's end.
                let bare = word.prefix { !$0.isWhitespace }
                let key = bare.isEmpty ? word : bare
                let number = numbers[key] ?? Int32(numbers.count)
                numbers[key] = number
                return number
            }
        }
        let (first, second) = (numbered(old), numbered(new))
        let start = zip(first, second).prefix { $0 == $1 }.count
        let room = min(first.count, second.count) - start
        let end = zip(first.reversed(), second.reversed()).prefix(room).prefix { $0 == $1 }.count
        guard
            let script = WordDiff.script(
                Array(first[start..<first.count - end]), Array(second[start..<second.count - end]))
        else { return nil }
        let same = [Piece.Kind](repeating: .same, count: start)
        let kinds = WordDiff.withoutIslands(same + script + [Piece.Kind](repeating: .same, count: end))
        pieces = WordDiff.pieces(kinds, old, new)
    }

    private static func count(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }

    /// Words, each with the space behind it.
    private static func words(of text: String) -> [Substring] {
        var words: [Substring] = []
        var start = text.startIndex
        var isInSpace = false
        for index in text.indices {
            let isSpace = text[index].isWhitespace
            if isInSpace, !isSpace {
                words.append(text[start..<index])
                start = index
                if words.count > Limit.words { return words }
            }
            isInSpace = isSpace
        }
        if start < text.endIndex { words.append(text[start...]) }
        return words
    }

    /// What is done to each word, the removed ones of a change before the added ones; nil where too much is.
    private static func script(_ old: [Int32], _ new: [Int32]) -> [Piece.Kind]? {
        let (height, width) = (old.count, new.count)
        let most = min(height + width, Limit.changes)
        // The furthest place on each diagonal, of each number of changes.
        var furthest = [Int32](repeating: 0, count: 2 * most + 3)
        let middle = most + 1
        var trace: [[Int32]] = []
        for changes in 0...most {
            for diagonal in stride(from: -changes, through: changes, by: 2) {
                let isDown =
                    diagonal == -changes
                    || diagonal != changes && furthest[middle + diagonal - 1] < furthest[middle + diagonal + 1]
                var x = Int(isDown ? furthest[middle + diagonal + 1] : furthest[middle + diagonal - 1] + 1)
                var y = x - diagonal
                while x < height, y >= 0, y < width, old[x] == new[y] {
                    x += 1
                    y += 1
                }
                furthest[middle + diagonal] = Int32(x)
                if x >= height, y >= width {
                    trace.append(Array(furthest[middle - changes...middle + changes]))
                    return backwards(trace, height, width)
                }
            }
            trace.append(Array(furthest[middle - changes...middle + changes]))
        }
        return nil
    }

    /// Follows the way back. Each element of `trace` has the diagonals from minus to plus its index.
    private static func backwards(_ trace: [[Int32]], _ height: Int, _ width: Int) -> [Piece.Kind] {
        var kinds: [Piece.Kind] = []
        var (x, y) = (height, width)
        for changes in trace.indices.reversed() {
            guard changes > 0 else { break }
            let before = trace[changes - 1]
            func place(_ diagonal: Int) -> Int {
                let index = diagonal + changes - 1
                return before.indices.contains(index) ? Int(before[index]) : -1
            }
            let diagonal = x - y
            let isDown =
                diagonal == -changes || diagonal != changes && place(diagonal - 1) < place(diagonal + 1)
            let from = isDown ? place(diagonal + 1) : place(diagonal - 1)
            let previous = (x: from, y: from - (isDown ? diagonal + 1 : diagonal - 1))
            let start = isDown ? (previous.x, previous.y + 1) : (previous.x + 1, previous.y)
            kinds += [Piece.Kind](repeating: .same, count: max(0, x - start.0))
            kinds.append(isDown ? .added : .removed)
            (x, y) = previous
        }
        kinds += [Piece.Kind](repeating: .same, count: max(0, x))
        return kinds.reversed()
    }

    /// Makes few same words between changes part of the change: removed and added again.
    private static func withoutIslands(_ kinds: [Piece.Kind]) -> [Piece.Kind] {
        var result: [Piece.Kind] = []
        var index = 0
        var hasChanged = false
        while index < kinds.count {
            guard kinds[index] == .same else {
                result.append(kinds[index])
                hasChanged = true
                index += 1
                continue
            }
            let length = kinds[index...].prefix { $0 == .same }.count
            let isIsland = hasChanged && length <= Limit.island && index + length < kinds.count
            if isIsland {
                for _ in 0..<length { result += [.removed, .added] }
            } else {
                result += [Piece.Kind](repeating: .same, count: length)
                hasChanged = false
            }
            index += length
        }
        return result
    }

    private static func pieces(_ kinds: [Piece.Kind], _ old: [Substring], _ new: [Substring]) -> [Piece] {
        var pieces: [Piece] = []
        var (x, y) = (0, 0)
        var removed = ""
        var added = ""
        func close() {
            if !removed.isEmpty { pieces.append(Piece(kind: .removed, text: removed)) }
            if !added.isEmpty { pieces.append(Piece(kind: .added, text: added)) }
            (removed, added) = ("", "")
        }
        var same = ""
        for kind in kinds {
            if kind != .same, !same.isEmpty {
                pieces.append(Piece(kind: .same, text: same))
                same = ""
            }
            switch kind {
            case .same:
                close()
                // The last word of a text has no space behind it; in the other one more may follow.
                same += new[y].last?.isWhitespace == true ? new[y] : old[x]
                x += 1
                y += 1
            case .removed:
                removed += old[x]
                x += 1
            case .added:
                added += new[y]
                y += 1
            }
        }
        close()
        if !same.isEmpty { pieces.append(Piece(kind: .same, text: same)) }
        return pieces
    }
}
