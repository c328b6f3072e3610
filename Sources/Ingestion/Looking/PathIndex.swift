/// What is known of the names in a drop directory, 24 bytes each, found by the path's key.
///
/// A table with open addressing whose entries stand in the order of their keys: a look-up goes a few entries on from where
/// the key should be, in memory that lies together, and ends at the first greater one.
struct PathIndex {
    /// What an entry stands for.
    enum Kind: UInt64 {
        /// A file in the window; its value is the slot there.
        case file
        /// A left file; its value is the ledger's row.
        case left
        /// A left file that the ledger knows and no listing has shown yet; its value is the row.
        case expected
        /// A file that could not be taken for now and did not fit into the window; its value says when it is tried again.
        case aside
    }

    /// One name.
    struct Entry {
        let key: UInt64
        /// What stands for the file's identity; only for files outside the window.
        var identity: UInt64
        private var packed: UInt64

        /// The greatest value and folder that fit.
        static let maximumValue = Int64(1) << 42 - 1
        static let maximumFolder = Int32(1) << 18 - 1

        init(key: UInt64, kind: Kind, value: Int64, identity: UInt64 = 0, folder: Int32, generation: UInt8) {
            self.key = key
            self.identity = identity
            packed = 0
            self.kind = kind
            self.value = value
            self.folder = folder
            self.generation = generation
        }

        var kind: Kind {
            get { Kind(rawValue: packed & 3)! }
            set { packed = packed & ~3 | newValue.rawValue }
        }
        /// Two bits: the listing of its folder that showed it last.
        var generation: UInt8 {
            get { UInt8(packed >> 2 & 3) }
            set { packed = packed & ~(3 << 2) | UInt64(newValue & 3) << 2 }
        }
        var folder: Int32 {
            get { Int32(packed >> 4 & UInt64(Entry.maximumFolder)) }
            set { packed = packed & ~(UInt64(Entry.maximumFolder) << 4) | UInt64(newValue) << 4 }
        }
        var value: Int64 {
            get { Int64(packed >> 22) }
            set {
                precondition((0...Entry.maximumValue).contains(newValue), "a row or slot beyond 42 bits")
                packed = packed & (1 << 22 - 1) | UInt64(newValue) << 22
            }
        }

        fileprivate static let none = Entry(key: 0, kind: .file, value: 0, folder: 0, generation: 0)
    }

    private(set) var count = 0
    /// With a margin at the end, so that no entry has to go round to the beginning.
    private var entries = PiecewiseArray<Entry>()
    private var capacity = 0
    private static let margin = 512

    /// The memory that the table takes.
    var bytes: Int { entries.count * MemoryLayout<Entry>.stride }

    /// Returns where a key stands; nil where it does not. Valid until the next change.
    func find(_ key: UInt64) -> Int? {
        guard capacity > 0 else { return nil }
        var place = home(key)
        while place < entries.count, entries[place].key != 0, entries[place].key < key { place += 1 }
        return place < entries.count && entries[place].key == key ? place : nil
    }

    /// The entry at a place; its key must not be changed.
    subscript(place: Int) -> Entry {
        get { entries[place] }
        set { entries[place] = newValue }
    }

    /// Adds an entry whose key is not there yet.
    mutating func insert(_ entry: Entry) {
        if count * 4 >= capacity * 3 { resize(max(16, capacity + capacity / 4)) }
        while !put(entry) { resize(capacity + capacity / 4) }
        count += 1
    }

    mutating func remove(at place: Int) {
        count -= 1
        var hole = place
        // What stands behind only since its own place was taken moves up.
        while hole + 1 < entries.count, entries[hole + 1].key != 0, home(entries[hole + 1].key) <= hole {
            entries[hole] = entries[hole + 1]
            hole += 1
        }
        entries[hole] = .none
        if capacity > 1024, count * 4 < capacity { resize(count * 2) }
    }

    /// Calls `body` with the place of every entry; it may change entries, but neither add nor remove any.
    mutating func forEach(_ body: (inout Entry) -> Void) {
        for place in entries.indices where entries[place].key != 0 { body(&entries[place]) }
    }

    /// The places of all entries; valid until one is added or removed.
    var places: some Sequence<Int> { entries.indices.lazy.filter { entries[$0].key != 0 } }

    private func home(_ key: UInt64) -> Int { Int(key.multipliedFullWidth(by: UInt64(capacity)).high) }

    private mutating func put(_ entry: Entry) -> Bool {
        var place = home(entry.key)
        while place < entries.count, entries[place].key != 0, entries[place].key < entry.key { place += 1 }
        var free = place
        while free < entries.count, entries[free].key != 0 { free += 1 }
        guard free < entries.count else { return false }
        while free > place {
            entries[free] = entries[free - 1]
            free -= 1
        }
        entries[place] = entry
        return true
    }

    private mutating func resize(_ wanted: Int) {
        var old = entries
        entries = PiecewiseArray()
        capacity = wanted
        // In the order of their keys, each to its own place or behind the last.
        old.drain { entry in
            guard entry.key != 0 else { return }
            pad(to: home(entry.key))
            entries.append(entry)
        }
        pad(to: wanted + min(wanted, PathIndex.margin))
    }

    private mutating func pad(to count: Int) {
        while entries.count < count { entries.append(.none) }
    }
}
