import Glibc
import Linux

/// Looks through a drop directory in passes, and each pass in steps, so that nobody waits for a directory of a million files.
///
/// A pass asks every folder for its times. It lists those that have changed, since in the others no name has; now and then it
/// looks again at the files that lie there for long, which no name tells of. What settles is looked at in every pass.
final class DirectoryScanner {
    /// How much of the time listings and examinations may take, as divisors.
    enum Share {
        /// Listing a folder whose names change all the time where nothing else tells of them.
        static let polledListing = 40
        /// Likewise where events do, and where it is listed whether they change or not.
        static let rareListing = 100
        /// Looking again at what lies there, where events tell of changes and this is for safety alone.
        static let watchedExamination = 1000
        static let polledExamination = 100
        /// Asking all folders for their times.
        static let walk = 50
    }

    /// A time that a file system may give to two changes one after the other: the coarsest has steps of two seconds.
    static let coarsestTime = Duration.seconds(2)
    /// No examination for safety alone is sooner than this after the last.
    static let restOfWatched = Duration.seconds(60)
    /// Folders that are watched and quiet are asked for their times so many a pass.
    static let quietFolders = 1000
    /// Files that settle are looked at so many a pass.
    private static let settlingLooks = 4000

    /// A folder that is being listed.
    struct Level {
        let listing: DirectoryListing
        let folder: Int32
        let path: RelativePath
        let key: UInt64
        let depth: Int
        /// What lies there is looked at, not only its names.
        let isExamination: Bool
        let began: Readiness.Moment
        var spent = Duration.zero
        var irregular = 0
        var unaccompanied = 0
        var passedOver = 0
        var hasUnknown = false
        /// Markers for all files that lie there, and those of them that stand for some.
        var markers: [(path: RelativePath, status: FileStatus)] = []
        var serving: Set<RelativePath> = []
    }

    unowned let drop: DropDirectory
    let lookout: Lookout
    var tree = FolderTree()
    var levels: [Level] = []
    /// Every file is held against the selection, every folder is listed: the configuration is another one.
    private(set) var looksAtAll = false
    private(set) var pass: UInt32 = 0
    /// The number of folders that were listed so far, in all passes.
    private(set) var listings = 0
    var now: Readiness.Moment = .zero
    /// The folder whose turn it is; nil between passes.
    private var current: Int32?
    private var isVisited = false
    private var lapBegan: Readiness.Moment = .zero
    private var walked = Duration.zero
    private var isRefill = false
    private var refillBegan: Readiness.Moment = .zero
    /// No refill before this moment.
    private var nextRefill: Readiness.Moment = .zero
    private var nextSettling: Int32 = 0
    private var rootStatus: FileStatus?
    /// The folders that are too many to be known are listed in this pass, and so far without a failure.
    private var listsUnknown = false
    var isUnknownWhole = true
    /// Folders that were not found in this pass.
    var missing: [Int32] = []

    init(_ drop: DropDirectory) {
        self.drop = drop
        lookout = drop.lookout
        drop.table.open(FolderTree.root)
        drop.table.open(FolderTree.elsewhere)
    }

    deinit { lookout.folderCount -= tree.count - 1 }

    var isUnderWay: Bool { current != nil }

    /// The window was worked off, and more lies in the directory.
    func wantsRefill(now: Readiness.Moment) -> Bool { drop.table.wantsRefill && nextRefill <= now }

    /// Looks at everything in the next pass, also at what waits for its turn.
    func lookAtAll() {
        looksAtAll = true
        renewAll()
    }

    /// Every folder is listed and looked through in the next pass.
    func renewAll() { for number in tree.indices where tree.contains(number) { renew(number) } }

    /// A folder is listed and looked through in the next pass, whatever its times say.
    func renew(_ number: Int32) {
        tree[number].isDirty = true
        tree[number].nextListing = .zero
        tree[number].examined = nil
    }

    // MARK: A pass

    /// Begins a pass.
    ///
    /// - Parameter status: what the drop directory itself is.
    func begin(_ status: FileStatus, now: Readiness.Moment) {
        pass &+= 1
        rootStatus = status
        current = FolderTree.root
        isVisited = false
        missing = []
        walked = .zero
        isRefill = wantsRefill(now: now)
        refillBegan = now
        // A folder that is not known has no times to compare: all of them are listed anew.
        listsUnknown = tree.unknownCount > 0
        isUnknownWhole = true
        tree.setIrregular(FolderTree.elsewhere, 0)
        if listsUnknown { drop.table.beginListing(FolderTree.elsewhere) }
    }

    /// Gives up a pass: what it has not shown says nothing.
    func abandon() {
        for level in levels where level.folder != FolderTree.elsewhere {
            drop.table.endListing(level.folder, isComplete: false)
        }
        levels.removeAll()
        if listsUnknown { drop.table.endListing(FolderTree.elsewhere, isComplete: false) }
        current = nil
    }

    /// Goes on with the pass until a moment, but does not do nothing; returns whether it is over.
    ///
    /// - Throws: what is the matter with the whole directory, or with the process.
    func step(_ now: Readiness.Moment, until end: Readiness.Moment, clock: () -> Readiness.Moment) throws(SystemError)
        -> Bool
    {
        self.now = now
        lapBegan = clock()
        while let number = current {
            if levels.isEmpty {
                if isVisited {
                    current = tree.next(after: number)
                    isVisited = false
                } else {
                    isVisited = true
                    try visit(number, clock)
                }
            } else {
                try list(clock)
            }
            if current != nil, clock() >= end {
                lap(clock)
                return false
            }
        }
        lap(clock)
        finish(clock)
        return true
    }

    /// Counts the time since the last lap for what it was spent on.
    private func lap(_ clock: () -> Readiness.Moment) {
        let moment = clock()
        if levels.isEmpty { walked += moment - lapBegan } else { levels[levels.count - 1].spent += moment - lapBegan }
        lapBegan = moment
    }

    private func finish(_ clock: () -> Readiness.Moment) {
        if listsUnknown { drop.table.endListing(FolderTree.elsewhere, isComplete: isUnknownWhole) }
        if isUnknownWhole { recover(FolderTree.elsewhere) }
        drop.table.endPass { path in
            // What cannot be looked at is not gone.
            do { return try drop.root?.status(of: path) != nil } catch { return true }
        }
        removeMissing()
        lookAtSettling()
        looksAtAll = false
        let moment = clock()
        // Where the window is shared with many others, listings for a few files each must not take all the time.
        nextRefill = isRefill && drop.table.wantsRefill ? moment + (moment - refillBegan) * 4 : .zero
        nextWalk = moment + walked * Share.walk
    }

    /// No pass before this moment, so that those over many folders do not follow on each other.
    private(set) var nextWalk: Readiness.Moment = .zero

    /// Looks at files that settle by time alone, a part of them in each pass where there are many.
    private func lookAtSettling() {
        for (slot, path) in drop.table.settlingFiles(from: nextSettling, limit: DirectoryScanner.settlingLooks) {
            nextSettling = slot + 1
            // Where it fails, the claim will say why.
            guard let status = drop.regularStatus(path) else { continue }
            drop.look(slot, status, now: now)
        }
    }

    // MARK: Folders

    private func visit(_ number: Int32, _ clock: () -> Readiness.Moment) throws(SystemError) {
        guard try isThere(number, number == FolderTree.root ? rootStatus : nil) else { return }
        let isExamination = isExaminationDue(number)
        guard isExamination || isListingDue(number) else { return }
        let path = tree[number].path
        do throws(SystemError) {
            let directory = number == FolderTree.root ? drop.root! : try drop.root!.directory(path)
            // Before the listing, so that nothing falls between the two.
            watch(directory, number)
            let listing = try DirectoryListing(directory)
            lap(clock)
            drop.table.beginListing(number)
            listings += 1
            tree[number].isDirty = false
            if isExamination { tree[number].mayHaveLost = false }
            levels.append(
                Level(
                    listing: listing, folder: number, path: path, key: tree[number].key, depth: tree[number].depth,
                    isExamination: isExamination, began: now, markers: drop.batchMarkers(in: path)))
        } catch {
            try fail(number, error)
        }
    }

    private func isListingDue(_ number: Int32) -> Bool {
        let folder = tree[number]
        if isRefill, drop.table.shelves[Int(number)].beyond > 0 { return true }
        if folder.hasUnknown, listsUnknown { return true }
        guard folder.nextListing <= now else { return false }
        // Two changes may have one time: only a listing that began later than that can show all.
        guard let listed = folder.listed, listed >= folder.timesSince + DirectoryScanner.coarsestTime else {
            return true
        }
        // Another machine's file system may leave the times of a directory as they are when a name comes.
        return folder.isDirty || drop.isRemote || drop.table.shelves[Int(number)].isUnsure
    }

    private func isExaminationDue(_ number: Int32) -> Bool {
        let folder = tree[number]
        guard !looksAtAll, folder.listed != nil, let examined = folder.examined else { return true }
        let shelf = drop.table.shelves[Int(number)]
        let hasSome = shelf.left + shelf.aside + folder.passedOver > 0
        let rest =
            isWatched(number)
            ? max(DirectoryScanner.restOfWatched, folder.examinationTook * Share.watchedExamination)
            : max(hasSome ? .zero : DirectoryScanner.restOfWatched, folder.examinationTook * Share.polledExamination)
        if folder.mayHaveLost, folder.nextListing <= now { return true }
        guard examined + rest <= now else { return false }
        return lookout.pace.allows(folder.examinationTook, now: now)
    }

    // MARK: Listings

    /// Goes on with the folder that is being listed, for some entries.
    private func list(_ clock: () -> Readiness.Moment) throws(SystemError) {
        do throws(SystemError) {
            for _ in 0..<128 {
                // An entry may be a folder that is listed at once.
                let depth = levels.count
                guard try levels[depth - 1].listing.next() else {
                    lap(clock)
                    endBatches(levels[depth - 1])
                    return end(levels.removeLast(), clock)
                }
                try takeEntry()
                if levels.count != depth { return }
            }
        } catch {
            lap(clock)
            let level = levels.removeLast()
            if level.folder != FolderTree.elsewhere { drop.table.endListing(level.folder, isComplete: false) }
            try fail(level.folder, error)
        }
    }

    private func end(_ level: Level, _ clock: () -> Readiness.Moment) {
        let number = level.folder
        tree.setIrregular(number, level.irregular + (number == FolderTree.elsewhere ? tree[number].irregular : 0))
        tree.setUnaccompanied(
            number, level.unaccompanied + (number == FolderTree.elsewhere ? tree[number].unaccompanied : 0))
        // What is listed in every pass makes the next one later.
        if number == FolderTree.elsewhere || level.hasUnknown { walked += level.spent }
        guard number != FolderTree.elsewhere else { return }
        drop.table.endListing(number, isComplete: true)
        let moment = clock()
        tree.setUnknown(number, level.hasUnknown)
        tree[number].listed = level.began
        // A marker that is there already may be made anew, of which no name tells.
        if !level.markers.isEmpty, !isWatched(number) { tree[number].isDirty = true }
        tree[number].passedOver = level.passedOver
        tree[number].nextListing =
            moment
            + level.spent * (isWatched(number) || drop.isRemote ? Share.rareListing : Share.polledListing)
        recover(number)
        guard level.isExamination else { return }
        tree[number].examined = moment
        tree[number].examinationTook = level.spent
        lookout.pace.spend(level.spent)
    }

    /// Events tell of what happens in a folder, also of what other machines do.
    func isWatched(_ number: Int32) -> Bool { tree[number].watch >= 0 && !drop.isRemote }
}
