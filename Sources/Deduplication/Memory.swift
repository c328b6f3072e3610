/// What the deduplicator holds in memory of the articles within its window: flat arrays by slot, in order of arrival.
///
/// About 0.4 kB an article of 140 words at the default threshold, and 9 bytes more for each 8 words, beside the most recent shingle sets (see ``shingleBudget``).
struct Memory {
    private(set) var documents: [Int64] = []
    private(set) var seen: [Int64] = []
    private(set) var fingerprints: [Sketch.Fingerprint] = []
    private(set) var sizes: [UInt32] = []
    private(set) var stories: [Int64] = []
    private var index: CandidateIndex
    private var byFingerprint = SlotTable()
    private var byReplacementKey: [UInt64: (document: Int64, seen: Int64)] = [:]
    // The newest sets; those before `firstHeld` were let go and are read from the database again.
    private var sets: [[UInt32]] = []
    private var firstHeld = 0
    private var heldShingles = 0
    private let banding: Banding
    /// Stories that were merged into another, with the id of that one's first article.
    private var merges: [Int64: StoryMerge]

    /// The most shingles that are held, 4 bytes each.
    static let shingleBudget = 16 << 20

    init(banding: Banding, merges: [Int64: StoryMerge] = [:]) {
        self.banding = banding
        self.merges = merges
        index = CandidateIndex(banding: banding)
    }

    /// The number of slots.
    var count: Int { documents.count }

    /// Adds an article as the next slot; empty `shingles` are read from the database when they are wanted.
    mutating func append(
        document: Int64, seen: Int64, fingerprint: Sketch.Fingerprint, size: Int, story: Int64,
        bandKeys: some Sequence<UInt32>, anchors: some Sequence<UInt32>, shingles: [UInt32]
    ) {
        let slot = count
        documents.append(document)
        self.seen.append(seen)
        fingerprints.append(fingerprint)
        sizes.append(UInt32(size))
        stories.append(story)
        index.append(bandKeys: bandKeys, anchors: anchors)
        byFingerprint.insert(key: Self.key(fingerprint), slot: UInt32(slot))
        sets.append(shingles)
        heldShingles += shingles.count
        while heldShingles > Self.shingleBudget, firstHeld < slot {
            heldShingles -= sets[firstHeld].count
            sets[firstHeld] = []
            firstHeld += 1
        }
    }

    /// Reserves memory for so many articles to be loaded.
    mutating func reserveCapacity(_ count: Int) {
        documents.reserveCapacity(count)
        seen.reserveCapacity(count)
        fingerprints.reserveCapacity(count)
        sizes.reserveCapacity(count)
        stories.reserveCapacity(count)
        index.reserveCapacity(count)
        byFingerprint.reserveCapacity(count)
    }

    /// Adds a stored article as the next slot, to be found after ``finishLoading()``; its shingles stay in the database.
    mutating func load(
        document: Int64, seen: Int64, story: Int64, fingerprint: Sketch.Fingerprint, size: Int,
        keys: UnsafeBufferPointer<UInt32>
    ) {
        byFingerprint.load(key: Self.key(fingerprint), slot: UInt32(count))
        documents.append(document)
        self.seen.append(seen)
        fingerprints.append(fingerprint)
        sizes.append(UInt32(size))
        stories.append(story)
        index.load(keys)
    }

    /// Makes all that was loaded ready to be found.
    mutating func finishLoading() {
        index.finishLoading()
        byFingerprint.finishLoading()
        sets = Array(repeating: [], count: count)
    }

    mutating func touch(_ slot: Int, seen time: Int64) {
        if seen[slot] != .min { seen[slot] = max(seen[slot], time) }
    }

    /// Makes a document the current version of a replacement key.
    mutating func setCurrent(_ document: Int64, replacementKey: UInt64, seen: Int64) {
        byReplacementKey[replacementKey] = (document, seen)
    }

    /// The document that is the current version of a replacement key, where it was seen within the window.
    func current(replacementKey: UInt64, since cutoff: Int64) -> Int64? {
        guard let (document, seen) = byReplacementKey[replacementKey], seen >= cutoff else { return nil }
        return document
    }

    /// The slot of a document that has a sketch.
    func slot(document: Int64) -> Int? {
        // In order of arrival, so sorted.
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if documents[middle] < document { low = middle + 1 } else { high = middle }
        }
        return low < count && documents[low] == document ? low : nil
    }

    /// The slots within the window that have this fingerprint, in ascending order.
    func slots(fingerprint: Sketch.Fingerprint, since cutoff: Int64) -> [Int] {
        var found: [Int] = []
        byFingerprint.forEach(key: Self.key(fingerprint)) { slot in
            if fingerprints[Int(slot)] == fingerprint, seen[Int(slot)] >= cutoff { found.append(Int(slot)) }
            return true
        }
        return found.sorted()
    }

    /// Takes a slot out of the window for ever.
    mutating func withdraw(_ slot: Int) { seen[slot] = .min }

    /// The slots within the window that may be similar, in ascending order.
    mutating func candidates(_ sketch: Sketch, since cutoff: Int64) -> [Int] {
        index.candidates(sketch, byAnchors: true).filter { seen[$0] >= cutoff }
    }

    /// The shingles of a slot where they are held.
    func shingles(_ slot: Int) -> [UInt32]? { sets[slot].isEmpty ? nil : sets[slot] }

    // MARK: Stories

    /// What a story was merged into in the end, nil where it stands for itself.
    func merge(of story: Int64) -> StoryMerge? {
        guard var merge = merges[story] else { return nil }
        while let next = merges[merge.story] { merge = next }
        return merge
    }

    mutating func merge(_ story: Int64, into other: StoryMerge) { merges[story] = other }

    /// Lets a story stand for itself again.
    mutating func removeMerge(_ story: Int64) { merges[story] = nil }

    /// The stories that were merged into another in the end.
    func stories(mergedInto story: Int64) -> [Int64] {
        merges.keys.filter { merge(of: $0)?.story == story }.sorted()
    }

    // MARK: Window

    /// Gives the memory of expired slots back once they are a quarter of all.
    mutating func removeExpired(before cutoff: Int64) {
        let kept = seen.indices.filter { seen[$0] >= cutoff }
        guard count - kept.count > max(1000, count / 4) else { return }
        var renumbered = [Int?](repeating: nil, count: count)
        for (new, old) in kept.enumerated() { renumbered[old] = new }
        index.keep(kept)
        byFingerprint.renumber { renumbered[Int($0)].map(UInt32.init) }
        byReplacementKey = byReplacementKey.filter { $0.value.seen >= cutoff }
        documents = kept.map { documents[$0] }
        fingerprints = kept.map { fingerprints[$0] }
        sizes = kept.map { sizes[$0] }
        stories = kept.map { stories[$0] }
        sets = kept.map { sets[$0] }
        seen = kept.map { seen[$0] }
        firstHeld = 0
        heldShingles = sets.reduce(0) { $0 + $1.count }
        // Chains are cut short first, for a story in the middle may have lost all its articles.
        merges = Set(stories).reduce(into: [:]) { kept, story in kept[story] = merge(of: story) }
    }

    private static func key(_ fingerprint: Sketch.Fingerprint) -> UInt32 { UInt32(truncatingIfNeeded: fingerprint.low) }
}
