import Glibc

/// How a MinHash signature is cut into bands, so that pairs at the threshold meet in at least one band.
///
/// Two articles of similarity *s* share a band of *r* rows with the probability s^r, and at least one of *b* bands with
/// 1 − (1 − s^r)^b. Many rows keep dissimilar articles apart, many bands bring similar ones together.
package struct Banding: Sendable, Equatable {
    /// The number of bands.
    package let bands: Int
    /// The rows of each band.
    package let rows: Int

    /// The chance that a pair exactly at the threshold is a candidate; pairs above it have a better one.
    static let recallAtThreshold = 0.998
    /// The most hashes of a signature: they cost time for every shingle.
    static let maximumHashes = 144

    /// Chooses the most rows (the fewest false candidates) that reach the recall within the number of hashes.
    package init(threshold: Double) {
        let threshold = min(max(threshold, 0.05), 1)
        var best = (bands: Self.bands(threshold, rows: 1), rows: 1)
        for rows in 2...16 {
            let bands = Self.bands(threshold, rows: rows)
            if bands * rows <= Self.maximumHashes { best = (bands, rows) }
        }
        bands = best.bands
        rows = best.rows
    }

    /// Returns the chance that a pair of this similarity shares a band.
    package func recall(at similarity: Double) -> Double {
        1 - pow(1 - pow(similarity, Double(rows)), Double(bands))
    }

    private static func bands(_ threshold: Double, rows: Int) -> Int {
        let share = pow(threshold, Double(rows))
        // At a threshold of 1 any one band is enough; two guard against nothing but cost little.
        return share >= 1 ? 2 : max(1, Int((log(1 - recallAtThreshold) / log(1 - share)).rounded(.up)))
    }
}
