import Linux

/// The files of a drop directory that are looked at, and in which order they become complete. It does no I/O.
///
/// It is a window on the directory, bounded in bytes: the directory itself is the buffer. It holds what somebody writes to
/// and the best of the others by the directory's order. What does not fit is remembered only by its number, and found again
/// by a later listing. Files that stay where they are need no place in the window, only an entry in the index.
///
/// What is due is found without going through all files. The heaps may hold entries that are out of date; the file's own
/// word counts.
final class FileTable {
    /// How far a file is.
    enum Stage: Int, CaseIterable {
        /// Not complete yet.
        case settling
        /// Complete.
        case waiting
        /// It cannot be taken for now, and is tried again later.
        case blocked
        /// It stays where it is until it changes.
        case left
    }

    /// Which queue a file in the window stands in.
    enum Place: Int, CaseIterable {
        /// None: somebody has taken it.
        case inHand
        /// Complete, by the directory's order.
        case waiting
        /// It settles.
        case settling
        /// Somebody writes to it.
        case open
        case blocked
    }

    /// A file in the window.
    struct File {
        let path: RelativePath
        /// The number of the folder that it lies in.
        var folder: Int32
        var readiness: Readiness
        private var setback: Setback?
        // The table's own.
        /// Bumped by every change of the file's turn: entries of an older turn are out of date.
        var turn: UInt32 = 0
        var stage = Stage.settling
        var place = Place.inHand
        var due = Readiness.Moment.zero
        var rank: Int64 = 0

        init(path: RelativePath, folder: Int32, readiness: Readiness) {
            self.path = path
            self.folder = folder
            self.readiness = readiness
        }

        /// Not before this moment, for a blocked file.
        var blockedUntil: Readiness.Moment? {
            get { setback?.blockedUntil }
            set { change { $0.blockedUntil = newValue } }
        }
        /// How often it could not be taken, in a row.
        var failures: Int {
            get { setback?.failures ?? 0 }
            set { change { $0.failures = newValue } }
        }
        /// Since when it has looked truncated.
        var truncatedSince: Readiness.Moment? {
            get { setback?.truncatedSince }
            set { change { $0.truncatedSince = newValue } }
        }

        private mutating func change(_ body: (inout Setback.Values) -> Void) {
            var values = setback?.values ?? Setback.Values()
            body(&values)
            setback = values == Setback.Values() ? nil : Setback(values)
        }
    }

    /// What came in the way of a file, apart from it, since most files have none.
    private final class Setback {
        struct Values: Equatable {
            var blockedUntil: Readiness.Moment?
            var failures = 0
            var truncatedSince: Readiness.Moment?
        }

        let values: Values
        init(_ values: Values) { self.values = values }
        var blockedUntil: Readiness.Moment? { values.blockedUntil }
        var failures: Int { values.failures }
        var truncatedSince: Readiness.Moment? { values.truncatedSince }
    }

    // MARK: What it holds

    /// A file's turn in the directory's order.
    struct Turn {
        let rank: Int64
        let path: RelativePath
        let slot: Int32
        let number: UInt32

        static func precedes(_ left: Turn, _ right: Turn) -> Bool {
            left.rank != right.rank ? left.rank < right.rank : left.path < right.path
        }
    }

    /// The moment from which a file is complete, or tried again.
    struct Due {
        let moment: Readiness.Moment
        let slot: Int32
        let number: UInt32

        static func precedes(_ left: Due, _ right: Due) -> Bool { left.moment < right.moment }
    }

    let budget: WindowBudget
    /// The memory that the window takes.
    private(set) var bytes = 0
    var order: DropDirectoryConfiguration.Order
    /// The waits where events tell of changes, and where none do.
    private var rules: (watched: Readiness.Rules, polled: Readiness.Rules)

    private var slots = PiecewiseArray<File?>()
    private var freeSlots: [Int32] = []
    private var stageCounts = [Int](repeating: 0, count: Stage.allCases.count)
    private var placeCounts = [Int](repeating: 0, count: Place.allCases.count)
    private var turns: UInt32 = 0
    var waiting = MinMaxHeap<Turn>()
    var settling = MinMaxHeap<Turn>()
    var due = MinMaxHeap<Due>()
    /// The oldest complete file, where the order does not say it.
    var oldestKnown: Turn?
    /// Evidence was given up for want of room: what is found anew may be being written to.
    var hasLostEvidence = false

    var index = PathIndex()
    var shelves: [Shelf] = []
    var totals = Totals()
    /// Ledger rows of left files that are gone or were replaced.
    var departed: [Int64] = []

    init(
        order: DropDirectoryConfiguration.Order, watched: Readiness.Rules, polled: Readiness.Rules, budget: WindowBudget
    ) {
        self.order = order
        rules = (watched, polled)
        self.budget = budget
        budget.join(self)
    }

    deinit {
        let outside = totals.left + totals.expected + totals.aside
        budget.leave(ObjectIdentifier(self), bytes: bytes, outside: outside * FileTable.costOutside)
    }

    /// The number of files at a stage, as far as they are in the window or in the index.
    func count(_ stage: Stage) -> Int {
        switch stage {
        case .left: totals.left
        case .blocked: stageCounts[stage.rawValue] + totals.aside
        default: stageCounts[stage.rawValue]
        }
    }

    func count(in place: Place) -> Int { placeCounts[place.rawValue] }

    /// The file of a path that is in the window.
    subscript(_ path: RelativePath) -> File? { slot(of: path).flatMap { slots[Int($0)] } }

    subscript(_ slot: Int32) -> File? { slots[Int(slot)] }

    func slot(of path: RelativePath) -> Int32? {
        guard let place = index.find(PathKey.file(path)), index[place].kind == .file else { return nil }
        let slot = Int32(index[place].value)
        return slots[Int(slot)]?.path == path ? slot : nil
    }

    var slotCount: Int32 { Int32(slots.count) }

    /// Calls `body` with the slot of every file in the window.
    func forEachSlot(_ body: (Int32) -> Void) {
        for slot in slots.indices where slots[slot] != nil { body(Int32(slot)) }
    }

    // MARK: Changes

    /// Takes a file in whose path is not known yet, if it matters more than others where there is no room for all.
    ///
    /// - Returns: whether it is in the window now.
    @discardableResult
    func add(_ file: File, key: UInt64, now: Readiness.Moment) -> Bool {
        let cost = FileTable.cost(of: file.path)
        if budget.isFull(for: cost), isWorseThanAll(file, now: now), budget.isLargest(self) {
            noteBeyond(file.folder)
            return false
        }
        let slot = freeSlots.popLast() ?? Int32(slots.count)
        if slot == slots.count { slots.append(file) } else { slots[Int(slot)] = file }
        stageCounts[file.stage.rawValue] += 1
        placeCounts[file.place.rawValue] += 1
        bytes += cost
        budget.add(cost)
        addEntry(PathIndex.Entry(key: key, kind: .file, value: Int64(slot), folder: file.folder, generation: 0))
        arrange(slot, now: now)
        guard budget.isFull(for: 0) else { return true }
        budget.makeRoom()
        return index.find(key) != nil
    }

    /// Changes a file in the window and gives it its turn anew.
    func update(_ slot: Int32, now: Readiness.Moment, _ body: (inout File) -> Void) {
        body(&slots[Int(slot)]!)
        arrange(slot, now: now)
    }

    /// Takes a file out of its slot; what the index says of it is the caller's.
    func vacate(_ slot: Int32) {
        guard let file = slots[Int(slot)] else { return }
        stageCounts[file.stage.rawValue] -= 1
        placeCounts[file.place.rawValue] -= 1
        let cost = FileTable.cost(of: file.path)
        bytes -= cost
        budget.add(-cost)
        slots[Int(slot)] = nil
        freeSlots.append(slot)
    }

    /// Notes that a file lies in another folder of the same path.
    func refile(_ slot: Int32, to folder: Int32) { slots[Int(slot)]?.folder = folder }

    /// Takes other waits and another order: what is complete by them is so now.
    func set(
        order: DropDirectoryConfiguration.Order, watched: Readiness.Rules, polled: Readiness.Rules,
        now: Readiness.Moment
    ) {
        self.order = order
        rules = (watched, polled)
        forEachSlot { slot in if slots[Int(slot)]!.place != .inHand { arrange(slot, now: now) } }
    }

    /// Changes the evidence of every file that settles.
    func updateAll(now: Readiness.Moment, _ body: (inout Readiness) -> Void) {
        forEachSlot { slot in
            if slots[Int(slot)]!.stage == .settling { update(slot, now: now) { body(&$0.readiness) } }
        }
    }

    /// The moment from which a file of a folder counts as complete, by the waits that hold there.
    func settled(_ readiness: Readiness, in folder: Int32) -> Readiness.Moment {
        readiness.settled(by: isWatched(folder) ? rules.watched : rules.polled)
    }

    /// Gives a file its stage and its place in the queues.
    private func arrange(_ slot: Int32, now: Readiness.Moment) {
        let file = slots[Int(slot)]!
        let due = max(settled(file.readiness, in: file.folder), file.blockedUntil ?? .zero)
        let stage: Stage = file.blockedUntil != nil ? .blocked : due <= now ? .waiting : .settling
        let place: Place =
            due <= now ? .waiting : stage == .blocked ? .blocked : file.readiness.isOpen ? .open : .settling
        let rank = rank(of: file)
        guard stage != file.stage || place != file.place || due != file.due || rank != file.rank else { return }
        slots[Int(slot)]!.due = due
        slots[Int(slot)]!.rank = rank
        move(slot, to: stage, place)
    }

    /// Moves a file to another stage or queue, as a new turn.
    func move(_ slot: Int32, to stage: Stage, _ place: Place) {
        turns &+= 1
        var file = slots[Int(slot)]!
        stageCounts[file.stage.rawValue] -= 1
        placeCounts[file.place.rawValue] -= 1
        file.stage = stage
        file.place = place
        file.turn = turns
        stageCounts[stage.rawValue] += 1
        placeCounts[place.rawValue] += 1
        slots[Int(slot)] = file
        enqueue(slot, file)
    }

    private func rank(of file: File) -> Int64 {
        switch order {
        case .oldest: file.readiness.identity.modified
        case .newest: ~file.readiness.identity.modified
        case .name:
            // The first bytes decide mostly; those that have them in common are compared by their paths.
            Int64(bitPattern: file.path.prefix64 ^ 1 << 63)
        }
    }

    /// Everything in the window comes before the file, in the queue in which it would stand.
    private func isWorseThanAll(_ file: File, now: Readiness.Moment) -> Bool {
        guard !file.readiness.isOpen, file.blockedUntil == nil else { return false }
        let isComplete = settled(file.readiness, in: file.folder) <= now
        let turn = Turn(rank: rank(of: file), path: file.path, slot: 0, number: 0)
        guard let worst = worst(isComplete: isComplete) else { return false }
        return Turn.precedes(worst, turn)
    }

    /// About what a name outside the window takes: its entry, with what the index has free.
    static let costOutside = MemoryLayout<PathIndex.Entry>.stride * 3 / 2

    /// About what a file takes: its slot, its path, its entry in the index and its places in the queues.
    static func cost(of path: RelativePath) -> Int {
        MemoryLayout<File?>.stride + 32 + costOutside
            + (MemoryLayout<Turn>.stride + MemoryLayout<Due>.stride) + path.bytes.count + 48
    }
}

extension RelativePath {
    /// The first eight bytes as a number that orders as they do.
    fileprivate var prefix64: UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * max(0, 8 - bytes.count))
    }
}
