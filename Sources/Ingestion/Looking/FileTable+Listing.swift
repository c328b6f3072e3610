import Linux

/// What listings show, and what they show no more.
extension FileTable {
    /// What the table counts of a folder.
    struct Shelf {
        /// Names in the index, without those that no listing has shown yet.
        var known = 0
        /// Those of them that the latest listing has not shown.
        var unseen = 0
        /// The latest listing.
        var generation: UInt8 = 0
        /// That listing was completed in this pass.
        var isFresh = false
        var isWatched = false
        var left = 0
        var expected = 0
        var aside = 0
        /// Files that lie there and did not fit into the window, by the listing so far and by the one before it.
        var beyond = 0
        var earlierBeyond = 0
        /// A name was missed by one listing; two in a row say that it is gone.
        var isUnsure = false

        var shownBeyond: Int { max(beyond, earlierBeyond) }
    }

    /// Sums over all folders.
    struct Totals {
        var left = 0
        var expected = 0
        var aside = 0
        var beyond = 0
        /// The number of files in the queues when the last one did not fit.
        var whenFull = 0
    }

    /// What is known of a name that a listing shows.
    enum Finding: Equatable {
        case unknown
        /// It is in the window, in this slot.
        case file(Int32)
        /// It was left, with this identity.
        case left(UInt64)
        /// The ledger says that it was left with this identity; it was not looked at since.
        case expected(UInt64)
        /// It could not be taken with this identity and is not tried again before a moment.
        case aside(UInt64, until: Readiness.Moment)
    }

    // MARK: Folders

    /// Makes room for what is counted of a folder.
    func open(_ folder: Int32) {
        while shelves.count <= folder { shelves.append(Shelf()) }
    }

    /// Ends what is counted of a folder of which nothing is known; its number may be another's then.
    func close(_ folder: Int32) {
        changeBeyond(folder) { $0 = Shelf() }
    }

    func isWatched(_ folder: Int32) -> Bool { shelves[Int(folder)].isWatched }
    func setWatched(_ folder: Int32, _ isWatched: Bool) { shelves[Int(folder)].isWatched = isWatched }

    /// Nothing is known of the folder.
    func isEmpty(_ folder: Int32) -> Bool { shelves[Int(folder)].known == 0 && shelves[Int(folder)].expected == 0 }

    /// Files that lie in a directory and are not in the window, at least.
    var beyond: Int { totals.beyond }

    /// So much of the window was worked off that a new listing is worth its time.
    var wantsRefill: Bool {
        let queued = count(in: .waiting) + count(in: .settling)
        return totals.beyond > 0 && queued * 4 <= totals.whenFull
    }

    /// Notes that a file did not fit.
    func noteBeyond(_ folder: Int32) {
        totals.whenFull = count(in: .waiting) + count(in: .settling)
        changeBeyond(folder) { $0.beyond += 1 }
    }

    private func changeBeyond(_ folder: Int32, _ body: (inout Shelf) -> Void) {
        totals.beyond -= shelves[Int(folder)].shownBeyond
        body(&shelves[Int(folder)])
        totals.beyond += shelves[Int(folder)].shownBeyond
    }

    // MARK: A listing

    /// Begins with a listing of a folder.
    func beginListing(_ folder: Int32) {
        changeBeyond(folder) { shelf in
            shelf.generation = (shelf.generation + 1) & 3
            shelf.unseen = shelf.known
            shelf.isFresh = false
            shelf.earlierBeyond = shelf.shownBeyond
            shelf.beyond = 0
        }
    }

    /// Ends a listing of a folder; one that was broken off says nothing of what it has not shown.
    func endListing(_ folder: Int32, isComplete: Bool) {
        changeBeyond(folder) { shelf in
            if !isComplete { shelf.beyond = shelf.shownBeyond }
            shelf.earlierBeyond = 0
            shelf.isFresh = isComplete
        }
        guard !isComplete, shelves[Int(folder)].unseen > 0 else { return }
        let generation = shelves[Int(folder)].generation
        index.forEach { if $0.folder == folder { $0.generation = generation } }
        shelves[Int(folder)].unseen = 0
    }

    /// Notes that a listing shows a name; returns what is known of it.
    func see(_ key: UInt64, in folder: Int32) -> Finding {
        guard let place = index.find(key) else { return .unknown }
        if index[place].folder != folder { moveEntry(at: place, to: folder) }
        let entry = index[place]
        let generation = shelves[Int(folder)].generation
        if entry.kind != .expected, entry.generation != generation {
            index[place].generation = generation
            shelves[Int(folder)].unseen -= 1
        }
        return finding(entry)
    }

    /// Returns what is known of a path.
    func find(_ path: RelativePath, key: UInt64) -> Finding {
        guard let place = index.find(key) else { return .unknown }
        return finding(index[place])
    }

    private func finding(_ entry: PathIndex.Entry) -> Finding {
        switch entry.kind {
        case .file: .file(Int32(entry.value))
        case .left: .left(entry.identity)
        case .expected: .expected(entry.identity)
        case .aside: .aside(entry.identity, until: Aside(value: entry.value).until)
        }
    }

    /// Ends a pass over the folders: forgets what their listings no longer show.
    ///
    /// A left file is gone when two listings in a row did not show it, since a name that is taken by another file while it is
    /// listed may be missing once. A file in the window is asked for by its name.
    ///
    /// - Parameter isThere: whether something lies at a path still.
    func endPass(isThere: (RelativePath) -> Bool) {
        var isSomeUnseen = false
        for folder in shelves.indices where shelves[folder].isFresh {
            shelves[folder].isUnsure = false
            if shelves[folder].unseen > 0 { isSomeUnseen = true }
        }
        if isSomeUnseen { forgetUnseen(isThere) }
        for folder in shelves.indices where shelves[folder].isFresh {
            let shelf = shelves[folder]
            // A folder in which hardly any left file is found may be a mount point without its mount.
            if shelf.expected > 0, shelf.left >= shelf.expected { forgetExpected(in: Int32(folder)) }
            shelves[folder].isFresh = false
        }
        if hasLostEvidence, totals.beyond == 0 { hasLostEvidence = false }
    }

    private func forgetUnseen(_ isThere: (RelativePath) -> Bool) {
        var gone: [UInt64] = []
        var asked: [(key: UInt64, slot: Int32)] = []
        index.forEach { entry in
            let shelf = shelves[Int(entry.folder)]
            guard shelf.isFresh, entry.kind != .expected else { return }
            let misses = (shelf.generation &- entry.generation) & 3
            guard misses > 0 else { return }
            switch entry.kind {
            case .file: asked.append((entry.key, Int32(entry.value)))
            case .aside: gone.append(entry.key)
            default: if misses > 1 { gone.append(entry.key) } else { shelves[Int(entry.folder)].isUnsure = true }
            }
        }
        for (key, slot) in asked {
            guard let file = self[slot], let place = index.find(key) else { continue }
            guard file.place != .inHand, !isThere(file.path) else {
                index[place].generation = shelves[Int(file.folder)].generation
                shelves[Int(file.folder)].unseen -= 1
                continue
            }
            gone.append(key)
        }
        for key in gone { if let place = index.find(key) { removeEntry(at: place) } }
    }

    // MARK: Entries

    /// Adds a name to the index, as one that the latest listing of its folder has shown.
    func addEntry(_ entry: PathIndex.Entry) {
        var entry = entry
        let folder = Int(entry.folder)
        entry.generation = shelves[folder].generation
        index.insert(entry)
        note(entry, 1)
        if shelves[folder].earlierBeyond > 0 { changeBeyond(entry.folder) { $0.earlierBeyond -= 1 } }
    }

    /// Forgets a name, whatever it stands for.
    func removeEntry(at place: Int) {
        let entry = index[place]
        index.remove(at: place)
        note(entry, -1)
        switch entry.kind {
        case .file: vacate(Int32(entry.value))
        case .left, .expected: departed.append(entry.value)
        case .aside: break
        }
    }

    /// Forgets the file of a path.
    func remove(_ path: RelativePath) {
        guard let place = index.find(PathKey.file(path)) else { return }
        // Another path may have the key; then nothing is known of this one.
        if index[place].kind == .file, self[Int32(index[place].value)]?.path != path { return }
        removeEntry(at: place)
    }

    /// Moves an entry to another folder or kind, with what is counted.
    func changeEntry(at place: Int, _ body: (inout PathIndex.Entry) -> Void) {
        note(index[place], -1)
        body(&index[place])
        note(index[place], 1)
    }

    private func moveEntry(at place: Int, to folder: Int32) {
        changeEntry(at: place) { entry in
            entry.folder = folder
            // As one that is not seen yet.
            entry.generation = shelves[Int(folder)].generation &- 1
        }
        if index[place].kind == .file { refile(Int32(index[place].value), to: folder) }
    }

    /// Counts an entry, or counts it no more.
    private func note(_ entry: PathIndex.Entry, _ number: Int) {
        let folder = Int(entry.folder)
        if entry.kind != .file { budget.addOutside(number * FileTable.costOutside) }
        if entry.kind == .expected {
            shelves[folder].expected += number
            totals.expected += number
            return
        }
        shelves[folder].known += number
        if entry.generation != shelves[folder].generation { shelves[folder].unseen += number }
        switch entry.kind {
        case .left:
            shelves[folder].left += number
            totals.left += number
        case .aside:
            shelves[folder].aside += number
            totals.aside += number
        default: break
        }
    }
}
