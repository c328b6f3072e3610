import Linux

/// The files of a drop directory that are looked at, and in which order they become complete. It does no I/O.
///
/// What is due is found without going through all files: a heap by moment for those that settle, a queue by age for those
/// that are complete. Both may hold entries that are out of date; the file's own word counts.
struct FileTable {
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

    /// A file that is looked at.
    struct File {
        var readiness: Readiness
        /// Not before this moment, for a blocked file.
        var blockedUntil: Readiness.Moment?
        /// How often it could not be taken, in a row.
        var failures = 0
        /// Since when it has looked truncated.
        var truncatedSince: Readiness.Moment?
        /// The ledger row of a file that stays where it is.
        var leftRow: Int64?
        /// Bumped by every change of the file's turn: entries of an older turn are out of date.
        fileprivate(set) var turn: UInt32 = 0
        fileprivate(set) var stage = Stage.settling
        fileprivate(set) var due = Readiness.Moment.zero
        fileprivate var isQueued = false
        fileprivate var scan: UInt32 = 0

        init(readiness: Readiness) { self.readiness = readiness }
    }

    private struct Due {
        let moment: Readiness.Moment
        let path: RelativePath
        let turn: UInt32
    }

    private struct Queued {
        let modified: Int64
        let path: RelativePath
        let turn: UInt32
    }

    private var files: [RelativePath: File] = [:]
    private var counts = [Int](repeating: 0, count: Stage.allCases.count)
    private var heap: [Due] = []
    private var queue: [Queued] = []
    private var queueStart = 0
    private var isSorted = true
    private var turns: UInt32 = 0
    private var scan: UInt32 = 0
    /// Ledger rows of left files that are gone or were replaced.
    private var departed: [Int64] = []

    /// The number of files at a stage.
    func count(_ stage: Stage) -> Int { counts[stage.rawValue] }

    subscript(_ path: RelativePath) -> File? { files[path] }

    // MARK: Changes

    /// Puts a file into the table, or changes it.
    mutating func put(_ path: RelativePath, _ file: File, rules: Readiness.Rules, now: Readiness.Moment) {
        var file = file
        let before = files[path]
        if let before {
            counts[before.stage.rawValue] -= 1
            if let row = before.leftRow, file.leftRow != row { departed.append(row) }
        }
        file.due = max(file.readiness.settled(by: rules), file.blockedUntil ?? .zero)
        if file.leftRow != nil {
            file.stage = .left
        } else if file.blockedUntil != nil {
            file.stage = .blocked
        } else {
            file.stage = file.due <= now ? .waiting : .settling
        }
        counts[file.stage.rawValue] += 1
        let isSameTurn =
            before.map { $0.stage == file.stage && $0.due == file.due && ($0.stage != .waiting || $0.isQueued) }
            ?? false
        if isSameTurn, let before {
            file.isQueued = before.isQueued
            file.turn = before.turn
        } else {
            turns &+= 1
            file.turn = turns
            file.isQueued = false
            if file.stage == .waiting {
                file.isQueued = true
                enqueue(path, file)
            } else if file.stage != .left {
                push(Due(moment: file.due, path: path, turn: file.turn))
            }
        }
        file.scan = before?.scan ?? scan
        files[path] = file
    }

    /// Forgets a file.
    mutating func remove(_ path: RelativePath) {
        guard let file = files.removeValue(forKey: path) else { return }
        counts[file.stage.rawValue] -= 1
        if let row = file.leftRow { departed.append(row) }
    }

    /// Changes the evidence of every file.
    mutating func updateAll(
        rules: Readiness.Rules, now: Readiness.Moment, _ body: (inout Readiness) -> Void
    ) {
        for (path, file) in files where file.stage == .settling {
            var changed = file
            body(&changed.readiness)
            if changed.readiness != file.readiness { put(path, changed, rules: rules, now: now) }
        }
    }

    /// Takes other waits: what is complete by them is so now.
    mutating func setRules(_ rules: Readiness.Rules, now: Readiness.Moment) {
        for (path, file) in files { put(path, file, rules: rules, now: now) }
    }

    /// Returns the rows of left files that are gone or were replaced since the last call.
    mutating func takeDeparted() -> [Int64] {
        defer { departed.removeAll() }
        return departed
    }

    // MARK: Scans

    /// Begins a scan.
    mutating func beginScan() { scan &+= 1 }

    /// Notes that the scan sees a file; returns its stage, nil where the file is new.
    mutating func see(_ path: RelativePath) -> Stage? {
        guard let index = files.index(forKey: path) else { return nil }
        files.values[index].scan = scan
        return files.values[index].stage
    }

    /// Ends a scan: forgets what it did not see.
    mutating func endScan() {
        let gone = files.filter { $0.value.scan != scan }.map(\.key)
        for path in gone { remove(path) }
    }

    // MARK: What is due

    /// Returns the oldest complete file and takes it off the queue; what becomes of it must be put or removed.
    mutating func takeNext(now: Readiness.Moment) -> RelativePath? {
        promote(now: now)
        if !isSorted {
            queue[queueStart...].sort {
                $0.modified != $1.modified ? $0.modified < $1.modified : $0.path < $1.path
            }
            isSorted = true
        }
        while queueStart < queue.count {
            let next = queue[queueStart]
            queueStart += 1
            if queueStart == queue.count {
                queue.removeAll(keepingCapacity: queue.count < 4096)
                queueStart = 0
            }
            guard let index = files.index(forKey: next.path), files.values[index].turn == next.turn else { continue }
            files.values[index].isQueued = false
            return next.path
        }
        return nil
    }

    /// Some file is complete.
    mutating func hasNext(now: Readiness.Moment) -> Bool {
        promote(now: now)
        while queueStart < queue.count {
            let next = queue[queueStart]
            if files[next.path]?.turn == next.turn { return true }
            queueStart += 1
        }
        queue.removeAll(keepingCapacity: true)
        queueStart = 0
        return false
    }

    /// Returns the moment from which the next file is complete; nil where none is on its way.
    mutating func nextDue(now: Readiness.Moment) -> Readiness.Moment? {
        if hasNext(now: now) { return now }
        while let first = heap.first {
            if files[first.path]?.turn == first.turn { return first.moment }
            popFirst()
        }
        return nil
    }

    /// Returns the oldest complete file's time of change, in nanoseconds since 1970.
    mutating func oldestWaiting(now: Readiness.Moment) -> Int64? {
        guard hasNext(now: now) else { return nil }
        // Unsorted only between a scan and the next batch; the first is near enough then.
        return queue[queueStart].modified
    }

    private mutating func promote(now: Readiness.Moment) {
        while let first = heap.first, first.moment <= now {
            popFirst()
            guard let index = files.index(forKey: first.path), files.values[index].turn == first.turn else { continue }
            let stage = files.values[index].stage
            if stage == .settling {
                counts[Stage.settling.rawValue] -= 1
                counts[Stage.waiting.rawValue] += 1
                files.values[index].stage = .waiting
            }
            files.values[index].isQueued = true
            enqueue(first.path, files.values[index])
        }
    }

    private mutating func enqueue(_ path: RelativePath, _ file: File) {
        let entry = Queued(modified: file.readiness.identity.modified, path: path, turn: file.turn)
        if let last = queue.last, queueStart < queue.count, last.modified > entry.modified { isSorted = false }
        if let last = queue.last, last.modified == entry.modified { isSorted = false }
        queue.append(entry)
        // The part that was taken is given back now and then.
        if queueStart > 4096, queueStart * 2 > queue.count {
            queue.removeFirst(queueStart)
            queueStart = 0
        }
    }

    // MARK: The heap

    private mutating func push(_ entry: Due) {
        // A file that changes all the time leaves an entry a change.
        if heap.count > 1024, heap.count > 4 * files.count {
            heap = heap.filter { files[$0.path]?.turn == $0.turn }
            heap.sort { $0.moment < $1.moment }
        }
        heap.append(entry)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].moment < heap[parent].moment else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func popFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].moment < heap[least].moment { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
