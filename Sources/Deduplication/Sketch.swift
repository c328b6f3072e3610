/// What the deduplicator keeps of an article's text.
package struct Sketch: Sendable, Equatable {
    /// 128 bits over the normalized text: equal texts have equal ones.
    package struct Fingerprint: Sendable, Hashable {
        package let high: UInt64
        package let low: UInt64
    }

    package let fingerprint: Fingerprint
    /// The set of shingle hashes, sorted.
    package let shingles: [UInt32]
    /// The words of a shingle.
    package let width: Int
    /// One key a band.
    package let bandKeys: [UInt32]

    /// The shingles under which articles are found that contain it or that it contains: those with the smallest hashes,
    /// an eighth of all. Two texts that share a shingle share it as an anchor or do not have it as one.
    var anchors: ArraySlice<UInt32> { Sketch.anchors(of: shingles) }

    /// Returns the anchors of a sorted set of shingles.
    static func anchors(of shingles: [UInt32]) -> ArraySlice<UInt32> { shingles.prefix { $0 < anchorLimit } }

    private static let anchorLimit: UInt32 = 1 << 29
}
