import Glibc

/// In how many articles of its source each line stands at an edge: counters of a byte in which different lines may meet.
///
/// A line has two counters and the lower one counts, so that of a million articles with nine lines each one line in some
/// thousand is taken for boilerplate that is none, and not compared. 16 MB, of which a small state touches little.
final class LineCounts {
    private static let size = 1 << 24
    private let counters: UnsafeMutablePointer<UInt8>

    /// A line that so many articles of its source had before is its boilerplate.
    static let leastArticles: UInt8 = 4

    init() {
        // calloc(3) gives pages that are there once they are written, which an array would do at once.
        guard let made = calloc(Self.size, 1) else { fatalError("there is no memory for counters of lines") }
        counters = made.bindMemory(to: UInt8.self, capacity: Self.size)
    }

    deinit { free(counters) }

    private static func places(_ line: UInt32) -> (Int, Int) {
        // Both in one line of the processor's cache.
        let first = Int(line) & (size - 1)
        return (first, first & ~63 | Int((line &* 0x9e37_79b1) >> 26))
    }

    /// The line is boilerplate.
    func isBoilerplate(_ line: UInt32) -> Bool {
        let (first, second) = Self.places(line)
        return min(counters[first], counters[second]) >= Self.leastArticles
    }

    /// Counts lines of one article.
    func add(_ lines: some Sequence<UInt32>) { change(lines) { $0 &+ 1 } }

    /// Takes lines of an article out that is forgotten.
    func remove(_ lines: some Sequence<UInt32>) { change(lines) { $0 == 0 ? 0 : $0 &- 1 } }

    private func change(_ lines: some Sequence<UInt32>, _ new: (UInt8) -> UInt8) {
        for line in lines {
            let (first, second) = Self.places(line)
            // What is full stays so: how much it would be is not known.
            if counters[first] != .max { counters[first] = new(counters[first]) }
            if second != first, counters[second] != .max { counters[second] = new(counters[second]) }
        }
    }
}
