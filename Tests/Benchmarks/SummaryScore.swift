import Stemming

/// ROUGE of summaries: F1 of shared words, pairs of words, and the longest common subsequence, in percent.
///
/// Words are runs of ASCII letters and digits, lower-cased, stemmed where they have more than three; the reference scorer
/// stems by Porter's first algorithm and this one by his second, which moves a mean by less than a tenth.
struct SummaryScore {
    private(set) var one = 0.0
    private(set) var two = 0.0
    private(set) var longest = 0.0
    private(set) var count = 0
    private let stemmer = Stemmer(language: "en")

    /// The means as they are told, for example `31.2/12.5/21.1`.
    var text: String {
        [one, two, longest].map { String(($0 / Double(max(1, count)) * 10).rounded() / 10) }.joined(separator: "/")
    }

    /// The mean of one of the three.
    func mean(_ kind: KeyPath<SummaryScore, Double>) -> Double { self[keyPath: kind] / Double(max(1, count)) }

    /// Counts one article's summary.
    mutating func add(_ summary: [String], reference: String) {
        let (got, wanted) = (tokens(summary.joined(separator: "\n")), tokens(reference))
        count += 1
        one += f1(shared(got, wanted), got.count, wanted.count)
        two += f1(
            shared(Self.pairs(got), Self.pairs(wanted)), max(0, got.count - 1), max(0, wanted.count - 1))
        longest += f1(Self.commonSubsequence(got, wanted), got.count, wanted.count)
    }

    private func f1(_ shared: Int, _ got: Int, _ wanted: Int) -> Double {
        shared == 0 ? 0 : 200 * Double(shared) / Double(got + wanted)
    }

    private func tokens(_ text: String) -> [String] {
        let lower = text.utf8.map { (byte: UInt8) -> UInt8 in byte &- 0x41 < 26 ? byte | 0x20 : byte }
        let words = lower.split { (byte: UInt8) -> Bool in byte &- 0x61 >= 26 && byte &- 0x30 >= 10 }
        return words.map { word in
            let bytes = Array(word)
            let stem = bytes.count > 3 ? stemmer?.stem(bytes) ?? bytes : bytes
            return String(decoding: stem, as: UTF8.self)
        }
    }

    private static func pairs(_ words: [String]) -> [String] {
        zip(words, words.dropFirst()).map { "\($0) \($1)" }
    }

    private func shared(_ left: [String], _ right: [String]) -> Int {
        var counts: [String: Int] = [:]
        for word in right { counts[word, default: 0] += 1 }
        return left.count { word in
            guard let left = counts[word], left > 0 else { return false }
            counts[word] = left - 1
            return true
        }
    }

    private static func commonSubsequence(_ left: [String], _ right: [String]) -> Int {
        var lengths = Array(repeating: 0, count: right.count + 1)
        for word in left {
            var diagonal = 0
            for (index, other) in right.enumerated() {
                let above = lengths[index + 1]
                lengths[index + 1] = word == other ? diagonal + 1 : max(above, lengths[index])
                diagonal = above
            }
        }
        return lengths[right.count]
    }
}
