/// A piece of an article's text around what was looked for.
package struct Snippet: Sendable, Equatable {
    /// A run of its text.
    package struct Segment: Sendable, Equatable {
        package var text: String
        /// It is what was looked for.
        package var isMarked: Bool
    }

    package var segments: [Segment]
}

/// Cuts snippets out of articles. It belongs to one searcher.
final class SnippetCutter {
    /// A snippet's words.
    static let length = 36
    /// Words before the first mark, so that it stands in a sentence.
    static let lead = 6
    /// Where an article is longer, its first part speaks for it.
    static let maximumBytes = 64 << 10

    private struct Word {
        let range: Range<Int>
        let hash: UInt64
        let stemHash: UInt64
        /// The number of the pattern that it belongs to, from 1; 0 for none.
        var pattern = 0
    }

    private let table: FoldTable
    private var words: [Word] = []

    init(table: FoldTable) { self.table = table }

    /// Returns the piece of `text` in which most of `patterns` stand, or its beginning where none does.
    func cut(_ text: String, patterns: [MarkPattern], stemmer: LanguageStemmer?) -> Snippet {
        var text = text
        return text.withUTF8 { bytes in
            let bytes = UnsafeBufferPointer(rebasing: bytes.prefix(SnippetCutter.maximumBytes))
            return cut(bytes.span, patterns: patterns, stemmer: stemmer)
        }
    }

    private func cut(_ text: Span<UInt8>, patterns: [MarkPattern], stemmer: LanguageStemmer?) -> Snippet {
        // On their own, since what is the object's is checked at each access.
        var scanner = WordScanner(table: table)
        var words = words
        self.words = []
        words.removeAll(keepingCapacity: true)
        var prefixed: [Set<Int>] = patterns.map { _ in [] }
        while scanner.next(in: text) {
            if scanner.wordCount == 0 { continue }
            let hash = FNV.hash(scanner.word.span.extracting(0..<scanner.wordCount))
            var stemHash = hash
            if let stemmer, stemmer.find(scanner) { stemHash = stemmer.stemHash }
            for (index, pattern) in patterns.enumerated() {
                guard let prefix = pattern.prefix, scanner.begins(with: prefix) else { continue }
                prefixed[index].insert(words.count)
            }
            words.append(Word(range: scanner.range, hash: hash, stemHash: stemHash))
        }
        self.words = words
        for (index, pattern) in patterns.enumerated() { mark(pattern, number: index + 1, prefixed: prefixed[index]) }
        return render(text, window(patternCount: patterns.count))
    }

    private func mark(_ pattern: MarkPattern, number: Int, prefixed: Set<Int>) {
        let length = pattern.positions.count
        guard length > 0, words.count >= length else { return }
        for start in 0...(words.count - length) {
            var isFound = true
            for offset in 0..<length where isFound {
                if pattern.prefix != nil, offset == length - 1 {
                    isFound = prefixed.contains(start + offset)
                } else {
                    let word = words[start + offset]
                    isFound = pattern.positions[offset].contains { $0 == word.hash || $0 == word.stemHash }
                }
            }
            guard isFound else { continue }
            for offset in 0..<length { words[start + offset].pattern = number }
        }
    }

    /// Finds the words to show: those in which the most different patterns stand, then the most marks, then the first.
    private func window(patternCount: Int) -> Range<Int> {
        let length = min(SnippetCutter.length, words.count)
        var best = (score: 0, start: 0)
        var counts = [Int](repeating: 0, count: patternCount + 1)
        var marks = 0
        var different = 0
        for end in 0..<words.count {
            if words[end].pattern > 0 {
                marks += 1
                counts[words[end].pattern] += 1
                if counts[words[end].pattern] == 1 { different += 1 }
            }
            let leaving = end - (SnippetCutter.length - SnippetCutter.lead)
            if leaving >= 0, words[leaving].pattern > 0 {
                marks -= 1
                counts[words[leaving].pattern] -= 1
                if counts[words[leaving].pattern] == 0 { different -= 1 }
            }
            let score = different * 1000 + marks
            if score > best.score { best = (score, max(0, leaving + 1)) }
        }
        // From the first mark of the best stretch, a little before it, and never beyond the end.
        let mark = (best.start..<words.count).first { words[$0].pattern > 0 } ?? 0
        let start = max(0, min(mark - SnippetCutter.lead, words.count - length))
        return start..<(start + length)
    }

    private func render(_ text: Span<UInt8>, _ window: Range<Int>) -> Snippet {
        guard !window.isEmpty else { return Snippet(segments: []) }
        var segments: [Snippet.Segment] = []
        func add(_ range: Range<Int>, isMarked: Bool) {
            guard !range.isEmpty else { return }
            let piece = text.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            if let last = segments.indices.last, segments[last].isMarked == isMarked {
                segments[last].text += piece
            } else {
                segments.append(Snippet.Segment(text: piece, isMarked: isMarked))
            }
        }
        var place = window.lowerBound == 0 ? 0 : words[window.lowerBound].range.lowerBound
        for (index, word) in words[window].enumerated() where word.pattern > 0 {
            add(place..<max(place, word.range.lowerBound), isMarked: false)
            let next = window.lowerBound + index + 1
            var end = word.range.upperBound
            // Words of one phrase are marked together with what stands between them.
            if next < window.upperBound, words[next].pattern == word.pattern, words[next].range.lowerBound > end {
                let gap = text.extracting(end..<words[next].range.lowerBound)
                if gap.count <= 2 { end = words[next].range.lowerBound }
            }
            add(max(place, word.range.lowerBound)..<max(place, end), isMarked: true)
            place = max(place, end)
        }
        let isAtEnd = window.upperBound == words.count
        add(place..<max(place, isAtEnd ? text.count : words[window.upperBound - 1].range.upperBound), isMarked: false)
        if window.lowerBound > 0 { segments.insert(Snippet.Segment(text: "… ", isMarked: false), at: 0) }
        if !isAtEnd { segments.append(Snippet.Segment(text: " …", isMarked: false)) }
        return Snippet(
            segments: segments.map { Snippet.Segment(text: SnippetCutter.line($0.text), isMarked: $0.isMarked) })
    }

    /// Whether nothing of a text can be white space but single spaces.
    private static func isLine(_ text: String) -> Bool {
        var last: UInt8 = 0
        for byte in text.utf8 {
            // White space beyond ASCII begins with one of these bytes.
            let isDoubled = byte == 0x20 && last == 0x20
            if byte < 0x20 || isDoubled || byte == 0xc2 || (0xe1...0xe3).contains(byte) { return false }
            last = byte
        }
        return true
    }

    /// Returns the text on one line: runs of white space become one space.
    private static func line(_ text: String) -> String {
        if isLine(text) { return text }
        var scalars = String.UnicodeScalarView()
        var wasSpace = false
        for scalar in text.unicodeScalars {
            let isSpace = scalar.value < 0x80 ? scalar.value <= 0x20 : scalar.properties.isWhitespace
            if isSpace, wasSpace { continue }
            scalars.append(isSpace ? " " : scalar)
            wasSpace = isSpace
        }
        return String(scalars)
    }
}
