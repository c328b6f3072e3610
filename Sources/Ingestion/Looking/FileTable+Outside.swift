import Linux

/// Files that are known without being in the window: those that were left where they are, and those that cannot be taken
/// for now and did not fit.
extension FileTable {
    /// What is kept of a file that cannot be taken for now.
    struct Aside {
        let until: Readiness.Moment
        let failures: Int

        init(until: Readiness.Moment, failures: Int) {
            self.until = until
            self.failures = failures
        }

        init(value: Int64) {
            until = .seconds(value >> 8)
            failures = Int(value & 0xff)
        }

        /// Both in the bits of an entry, the moment in whole seconds.
        var value: Int64 { (until.components.seconds + 1) << 8 | Int64(min(failures, 0xff)) }
    }

    /// Leaves a file of the window where it is; the ledger has it in a row.
    func leave(_ path: RelativePath, row: Int64) {
        guard let place = index.find(PathKey.file(path)), index[place].kind == .file else { return }
        let slot = Int32(index[place].value)
        guard let file = self[slot], file.path == path else { return }
        changeEntry(at: place) { entry in
            entry.kind = .left
            entry.identity = file.readiness.identity.key
            entry.value = row
        }
        vacate(slot)
    }

    /// Takes in that the ledger has a left file in a row; a later row of one path counts.
    func expect(_ path: RelativePath, _ identity: FileIdentity, row: Int64, in folder: Int32) {
        let key = PathKey.file(path)
        guard let place = index.find(key) else {
            return addEntry(
                PathIndex.Entry(
                    key: key, kind: .expected, value: row, identity: identity.key, folder: folder, generation: 0))
        }
        // What is in the window is looked up in the ledger when its turn comes.
        guard index[place].kind == .expected else { return }
        departed.append(index[place].value)
        index[place].value = row
        index[place].identity = identity.key
    }

    /// An expected file lies there as the ledger has it.
    func recognize(_ key: UInt64) {
        guard let place = index.find(key), index[place].kind == .expected else { return }
        changeEntry(at: place) { entry in
            entry.kind = .left
            entry.generation = shelves[Int(entry.folder)].generation
        }
    }

    /// The folder is another one than before: what was left there may lie somewhere else and come back.
    func unlearn(_ folder: Int32) {
        guard shelves[Int(folder)].left > 0 else { return }
        for place in index.places where index[place].folder == folder && index[place].kind == .left {
            changeEntry(at: place) { $0.kind = .expected }
        }
    }

    /// Forgets the files of a folder that are in the window or aside, since the folder is not looked at any more.
    func clear(_ folder: Int32) {
        var keys: [UInt64] = []
        index.forEach { entry in
            if entry.folder == folder, entry.kind == .file || entry.kind == .aside { keys.append(entry.key) }
        }
        for key in keys { if let place = index.find(key) { removeEntry(at: place) } }
        unlearn(folder)
    }

    /// Forgets expected files, and tells the ledger that they are gone.
    func forgetExpected(in folder: Int32) {
        var keys: [UInt64] = []
        index.forEach { if $0.folder == folder, $0.kind == .expected { keys.append($0.key) } }
        for key in keys { if let place = index.find(key) { removeEntry(at: place) } }
    }

    /// Returns how often a file that is aside could not be taken.
    func failuresAside(_ key: UInt64) -> Int {
        guard let place = index.find(key), index[place].kind == .aside else { return 0 }
        return Aside(value: index[place].value).failures
    }

    /// Returns the rows of left files that are gone or were replaced since the last call.
    func takeDeparted() -> [Int64] {
        defer { departed.removeAll() }
        return departed
    }
}
