/// Finds, for a sketch, the slots of sketches that may be similar to it: those that share a band (similarity) or enough
/// anchors (containment). It does not verify them.
struct CandidateIndex {
    private var bands: [SlotTable]
    private var anchors = SlotTable()
    private var anchorCounts: [UInt32] = []
    // Scratch of one query: which slots it has seen, marked with the query's number, and how many anchors they share.
    private var marks: [UInt32] = []
    private var hits: [UInt32] = []
    private var query: UInt32 = 0

    /// An anchor that more articles have is boilerplate: the chain is followed no further.
    static let anchorChainLimit = 256

    init(banding: Banding) { bands = Array(repeating: SlotTable(), count: banding.bands) }

    /// The number of slots.
    var count: Int { anchorCounts.count }

    /// Adds a sketch as the next slot; it has a key for each band.
    mutating func append(bandKeys: some Sequence<UInt32>, anchors newAnchors: some Sequence<UInt32>) {
        let slot = UInt32(count)
        for (band, key) in bandKeys.enumerated() { bands[band].insert(key: key, slot: slot) }
        var anchorCount: UInt32 = 0
        for anchor in newAnchors {
            anchors.insert(key: anchor, slot: slot)
            anchorCount += 1
        }
        anchorCounts.append(anchorCount)
        marks.append(0)
        hits.append(0)
    }

    /// Adds a stored sketch as the next slot: its band keys, then its anchors. It is found after ``finishLoading()``.
    mutating func load(_ keys: UnsafeBufferPointer<UInt32>) {
        let slot = UInt32(count)
        for band in bands.indices { bands[band].load(key: keys[band], slot: slot) }
        for anchor in keys[bands.count...] { anchors.load(key: anchor, slot: slot) }
        anchorCounts.append(UInt32(keys.count - bands.count))
    }

    /// Reserves memory for so many sketches to be loaded.
    mutating func reserveCapacity(_ count: Int) {
        for band in bands.indices { bands[band].reserveCapacity(count) }
        anchorCounts.reserveCapacity(count)
    }

    /// Makes all that was loaded ready to be found.
    mutating func finishLoading() {
        for band in bands.indices { bands[band].finishLoading() }
        anchors.finishLoading()
        marks = Array(repeating: 0, count: count)
        hits = Array(repeating: 0, count: count)
    }

    /// Returns the slots that may be similar, in ascending order.
    ///
    /// - Parameter byAnchors: also those that share half of the anchors of the one with fewer.
    mutating func candidates(_ sketch: Sketch, byAnchors: Bool) -> [Int] {
        query &+= 1
        var found: [Int] = []
        let query = query
        for (band, key) in sketch.bandKeys.enumerated() {
            bands[band].forEach(key: key) { slot in
                if marks[Int(slot)] != query {
                    marks[Int(slot)] = query
                    hits[Int(slot)] = .max
                    found.append(Int(slot))
                }
                return true
            }
        }
        guard byAnchors else { return found.sorted() }
        let own = sketch.anchors
        var touched: [Int] = []
        for anchor in own {
            var steps = 0
            anchors.forEach(key: anchor) { slot in
                let slot = Int(slot)
                if marks[slot] != query {
                    marks[slot] = query
                    hits[slot] = 1
                    touched.append(slot)
                } else if hits[slot] != .max {
                    hits[slot] += 1
                }
                steps += 1
                return steps < Self.anchorChainLimit
            }
        }
        // Containment of 0.9 leaves fewer than half of the anchors shared once in some hundred pairs with four
        // anchors, and practically never with more.
        for slot in touched where Int(hits[slot]) * 2 >= min(own.count, Int(anchorCounts[slot])) { found.append(slot) }
        return found.sorted()
    }

    /// Keeps only some slots and numbers them anew in their order.
    mutating func keep(_ slots: [Int]) {
        var renumbered = [UInt32?](repeating: nil, count: count)
        for (new, old) in slots.enumerated() { renumbered[old] = UInt32(new) }
        for band in bands.indices { bands[band].renumber { renumbered[Int($0)] } }
        anchors.renumber { renumbered[Int($0)] }
        anchorCounts = slots.map { anchorCounts[$0] }
        marks = Array(repeating: 0, count: slots.count)
        hits = Array(repeating: 0, count: slots.count)
        query = 0
    }
}
