import Glibc
import Linux
import Telemetry

/// Folders that come, go, are replaced or cannot be read.
extension DirectoryScanner {
    /// What is the process's or the machine's trouble, not a folder's.
    private static let everybodysTroubles = [EMFILE, ENFILE, ENOMEM]

    /// Looks at a folder; returns whether it is there and may have something to show.
    func isThere(_ number: Int32, _ known: FileStatus?) throws(SystemError) -> Bool {
        let isRoot = number == FolderTree.root
        if !isRoot, looksAtAll, tree[number].isAdmitted, tree[number].pass != pass, isListed(tree.parent(of: number)) {
            // The selection leaves it out now.
            retire(number)
        }
        // What lies below a folder that is gone is gone with it.
        if !isRoot, tree[tree.parent(of: number)].missed == pass {
            miss(number)
            return false
        }
        if !isRoot, isQuiet(number) { return false }
        var status = known
        do throws(SystemError) {
            if status == nil { status = try drop.root!.status(of: tree[number].path) }
        } catch  where error.code == ELOOP {
            status = nil
        } catch {
            try fail(number, error)
            return false
        }
        guard let status, status.kind == .directory else {
            miss(number)
            return false
        }
        // The ledger may know of files in a folder that is not selected.
        guard isRoot || tree[number].isAdmitted else { return false }
        if tree[number].isPresent, tree[number].device != status.device || tree[number].inode != status.inode {
            replaced(number)
        }
        tree[number].isPresent = true
        tree[number].device = status.device
        tree[number].inode = status.inode
        let times = FolderTree.Times(modified: status.modified, changed: status.changed)
        if tree[number].times != times {
            tree[number].times = times
            tree[number].timesSince = now
        }
        return true
    }

    private func isListed(_ number: Int32) -> Bool { tree[number].listed != nil && tree[number].trouble == nil }

    /// Events would have told of a change, and its turn for safety's sake has not come.
    private func isQuiet(_ number: Int32) -> Bool {
        guard isWatched(number), !tree[number].isDirty, !looksAtAll, tree[number].listed != nil else { return false }
        let rounds = UInt32(tree.count / DirectoryScanner.quietFolders + 1)
        return pass % rounds != UInt32(number) % rounds
    }

    /// A folder is not there, or something else has its name.
    private func miss(_ number: Int32) {
        dropWatch(number)
        recover(number)
        missing.append(number)
        tree[number].missed = pass
        // As a listing without a name: a second one says that what lay there is gone.
        guard tree[number].isPresent else { return }
        drop.table.beginListing(number)
        drop.table.endListing(number, isComplete: true)
    }

    /// Another folder has the name, for example the mount point of a share that went away: what was left in the old one, and
    /// in those below, may come back with it.
    func replaced(_ top: Int32) {
        var number: Int32? = top
        while let folder = number {
            drop.table.unlearn(folder)
            dropWatch(folder)
            tree[folder].isPresent = false
            tree[folder].listed = nil
            renew(folder)
            number = tree.next(after: folder, below: top)
        }
        if top == FolderTree.root { drop.table.unlearn(FolderTree.elsewhere) }
    }

    /// A folder is not looked at any more, though it is there.
    private func retire(_ number: Int32) {
        drop.table.clear(number)
        dropWatch(number)
        tree[number].isAdmitted = false
        tree[number].isPresent = false
        tree[number].listed = nil
        tree.setIrregular(number, 0)
        tree.setUnaccompanied(number, 0)
        recover(number)
    }

    /// Forgets folders that are gone, with the last name in them.
    func removeMissing() {
        // What lies in a folder comes after it.
        for number in missing.reversed() {
            let shelf = drop.table.shelves[Int(number)]
            // A folder that was never seen: the ledger knows of files that were left in it. It counts as gone only where
            // most of what was left in the drop directory is found.
            if !tree[number].isPresent, shelf.expected > 0,
                drop.table.totals.left >= drop.table.totals.expected
            {
                drop.table.forgetExpected(in: number)
            }
            guard drop.table.isEmpty(number), !tree.hasChildren(number) else { continue }
            tree.remove(number)
            drop.table.close(number)
            lookout.folderCount -= 1
        }
        missing = []
    }

    // MARK: Folders below

    /// A folder that is selected is seen below another one; returns its number, nil where there are too many to know it.
    @discardableResult
    func find(_ path: RelativePath, in parent: Int32) -> Int32? {
        guard let number = tree.find(path) ?? add(path, in: parent) else { return nil }
        tree[number].pass = pass
        tree[number].isAdmitted = true
        return number
    }

    /// Returns the number of the folder in which a path lies that the ledger knows; those above it are known then, too.
    func folder(of path: RelativePath) -> Int32 {
        guard let parent = path.parent else { return FolderTree.root }
        if let known = tree.find(parent) { return known }
        let above = folder(of: parent)
        return above == FolderTree.elsewhere ? above : add(parent, in: above) ?? FolderTree.elsewhere
    }

    private func add(_ path: RelativePath, in parent: Int32) -> Int32? {
        guard lookout.folderCount < lookout.maximumFolders, let number = tree.add(path, in: parent) else { return nil }
        lookout.folderCount += 1
        drop.table.open(number)
        return number
    }

    // MARK: Watches

    /// Watches a folder, where it is not watched yet.
    func watch(_ directory: Directory, _ number: Int32) {
        guard let events = drop.events, tree[number].watch < 0 else { return }
        guard let watch = events.watch(directory, number, owner: drop) else { return }
        tree[number].watch = watch
        drop.table.setWatched(number, !drop.isRemote)
    }

    /// Ends the watch of a folder.
    func dropWatch(_ number: Int32) {
        guard tree[number].watch >= 0 else { return }
        drop.events?.unwatch(tree[number].watch, of: number, owner: drop)
        lostWatch(number)
    }

    /// The watch of a folder has ended.
    func lostWatch(_ number: Int32) {
        tree[number].watch = -1
        tree[number].isDirty = true
        drop.table.setWatched(number, false)
    }

    /// Ends all watches, and looks at everything when the directory is there again.
    func dropWatches() {
        for number in tree.indices where tree.contains(number) { dropWatch(number) }
        renewAll()
    }

    /// Events were lost: every folder is listed and looked through, but no sooner after the last time than its size allows.
    func eventsWereLost() {
        for number in tree.indices where tree.contains(number) {
            tree[number].isDirty = true
            tree[number].mayHaveLost = true
        }
    }

    // MARK: Trouble

    /// A folder cannot be read: the others go on, and what is known of it stays.
    ///
    /// - Throws: the error where the whole directory is meant.
    func fail(_ number: Int32, _ error: SystemError) throws(SystemError) {
        if number == FolderTree.root || DirectoryScanner.everybodysTroubles.contains(error.code) { throw error }
        if error.isOfNothing {
            // It went just now; the next pass tells.
            tree[number].isDirty = true
            return
        }
        if tree[number].hasUnknown || number == FolderTree.elsewhere { isUnknownWhole = false }
        if tree[number].trouble == nil {
            drop.logger.warning(
                .folderUnreadable,
                [
                    .source: drop.configuration.source, .directory: drop.configuration.path,
                    .path: tree[number].path.description, .reason: error.description,
                ])
        }
        tree.setTrouble(number, error.description)
        tree[number].isDirty = true
    }

    /// A folder can be read, or is gone.
    func recover(_ number: Int32) {
        guard tree[number].trouble != nil else { return }
        tree.setTrouble(number, nil)
        guard tree[number].isPresent else { return }
        drop.logger.notice(
            "A folder can be read again.",
            [.directory: drop.configuration.path, .path: tree[number].path.description])
    }
}
