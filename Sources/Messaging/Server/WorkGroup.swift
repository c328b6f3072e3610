/// One group of workers that share a stream: what is in flight, and to whom. Pure state; ``GroupStore`` writes it down.
///
/// Every record up to `high` was given out once; it is done when it is neither in `items` nor in `dead`.
final class WorkGroup {
    /// A record that was given out or came back.
    struct Item: Equatable {
        /// How often it was given out.
        var attempt: Int
        /// Who has it; nil while it waits to be given again.
        var owner: String?
        /// Boot-clock milliseconds: when the lease ends, or from when it may be given again.
        var due: Int64
        var lengthMilliseconds: Int64
    }

    /// A record that nobody gets any more.
    struct DeadLetter: Equatable {
        var attempts: Int
        var reason: String
    }

    /// What changed since it was last written down; the states before stand in the undo log.
    struct Changes {
        var items: Dictionary<UInt64, Item?>.Keys
        var dead: Dictionary<UInt64, DeadLetter?>.Keys
        var isProgress: Bool

        var isEmpty: Bool { items.isEmpty && dead.isEmpty && !isProgress }
    }

    let name: String
    let topics: [String]
    let maxAttempts: Int
    /// The last record that was given out for the first time.
    private(set) var high: UInt64
    /// Nothing is given out while it is paused; what is out may be ended.
    private(set) var isPaused: Bool
    /// When a worker last asked for something or ended something, in milliseconds since 1970; 0 where that is not known.
    var seen: Int64 = 0
    private(set) var items: [UInt64: Item] = [:]
    private(set) var dead: [UInt64: DeadLetter] = [:]

    /// What each owner holds.
    private var held: [String: Set<UInt64>] = [:]
    /// The earliest `due`; nil where it must be looked for.
    private var earliest: Int64?
    private var itemsBefore: [UInt64: Item?] = [:]
    private var deadBefore: [UInt64: DeadLetter?] = [:]
    private var progressBefore: (high: UInt64, isPaused: Bool)?

    init(name: String, topics: [String], high: UInt64, maxAttempts: Int, isPaused: Bool = false) {
        self.name = name
        self.topics = topics
        self.high = high
        self.maxAttempts = maxAttempts
        self.isPaused = isPaused
    }

    /// The record up to which nothing is open.
    var floor: UInt64 { items.keys.min().map { $0 - 1 } ?? high }

    /// The owners that hold something.
    var owners: [String] { held.keys.sorted() }

    /// The earliest moment at which something may be given again; nil where nothing is open or the group is paused.
    var nextDue: Int64? {
        guard !items.isEmpty, !isPaused else { return nil }
        if let earliest { return earliest }
        earliest = items.values.lazy.map(\.due).min()
        return earliest
    }

    /// What `owner` holds, ascending.
    func held(by owner: String) -> [UInt64] { held[owner]?.sorted() ?? [] }

    /// Brings an item back from the store.
    func restore(seq: UInt64, attempt: Int, owner: String?, lengthMilliseconds: Int64, now: Int64) {
        set(
            seq,
            Item(
                attempt: attempt, owner: owner, due: owner == nil ? now : now + lengthMilliseconds,
                lengthMilliseconds: lengthMilliseconds))
    }

    /// Brings a dead letter back from the store.
    func restore(dead seq: UInt64, _ letter: DeadLetter) { dead[seq] = letter }

    // MARK: Giving out

    /// Returns what `owner` may get of that which was given out before: its own open leases first, then what is due.
    ///
    /// A lost reply strands nothing: the owner's own leases come again. What is due and was given out often enough is
    /// buried here.
    func candidates(for owner: String, now: Int64) -> [UInt64] {
        let own = held(by: owner).filter { items[$0]!.due > now }
        guard let nextDue, nextDue <= now else { return own }
        var due: [UInt64] = []
        for (seq, item) in items where item.due <= now {
            if item.attempt >= maxAttempts {
                bury(seq, reason: item.owner == nil ? "attempts" : "the lease ended \(item.attempt) times")
            } else {
                due.append(seq)
            }
        }
        return own + due.sorted()
    }

    /// Gives a record out: for the first time, again (which charges an attempt), or once more to the owner of its lease.
    func give(_ seq: UInt64, to owner: String, leaseMilliseconds: Int64, now: Int64) {
        var attempt = 1
        if let item = items[seq] { attempt = item.owner == owner && item.due > now ? item.attempt : item.attempt + 1 }
        lease(seq, owner: owner, attempt: attempt, leaseMilliseconds, now)
    }

    /// Everything up to `seq` was given out or passed over by the group's topics.
    func advance(to seq: UInt64) {
        guard seq > high else { return }
        keepProgress()
        high = seq
    }

    /// Forgets everything after `seq`: the log was restored, and other records will stand there.
    func cut(after seq: UInt64) {
        if high > seq {
            keepProgress()
            high = seq
        }
        for later in items.keys where later > seq { remove(later) }
        for later in dead.keys where later > seq { set(dead: later, nil) }
    }

    // MARK: Settling

    /// Ends records; what the owner does not hold comes back as stale.
    func done(_ seqs: [UInt64], owner: String) -> (done: [UInt64], stale: [UInt64]) {
        change(seqs, owner: owner) { seq, _ in remove(seq) }
    }

    /// Lengthens leases from now on.
    func extend(_ seqs: [UInt64], owner: String, leaseMilliseconds: Int64, now: Int64) -> (
        done: [UInt64], stale: [UInt64]
    ) {
        change(seqs, owner: owner) { seq, item in
            lease(seq, owner: owner, attempt: item.attempt, leaseMilliseconds, now)
        }
    }

    /// Gives records back as failed: they come again after `delay`, or are dead after the last attempt.
    func refuse(_ seqs: [UInt64], owner: String, delayMilliseconds: Int64, reason: String, now: Int64) -> (
        done: [UInt64], stale: [UInt64]
    ) {
        change(seqs, owner: owner) { seq, item in
            if item.attempt >= maxAttempts {
                bury(seq, reason: reason)
            } else {
                requeue(seq, attempt: item.attempt, due: now + delayMilliseconds)
            }
        }
    }

    /// Gives records back untouched: no attempt is charged.
    func release(_ seqs: [UInt64], owner: String, now: Int64) -> (done: [UInt64], stale: [UInt64]) {
        change(seqs, owner: owner) { seq, item in requeue(seq, attempt: max(0, item.attempt - 1), due: now) }
    }

    /// Marks a record as dead.
    func bury(_ seq: UInt64, reason: String) {
        set(dead: seq, DeadLetter(attempts: items[seq]?.attempt ?? 0, reason: reason))
        remove(seq)
    }

    // MARK: Administration

    /// Stops giving out, or goes on.
    func pause(_ isPaused: Bool) {
        keepProgress()
        self.isPaused = isPaused
    }

    /// Begins again after `seq`: everything that is open or dead behind it is forgotten or given out anew.
    func reset(to seq: UInt64) {
        keepProgress()
        high = seq
        for seq in Array(items.keys) { remove(seq) }
        for seq in Array(dead.keys) { set(dead: seq, nil) }
    }

    /// Gives dead letters another round of attempts.
    ///
    /// - Parameter seqs: which; nil for all of them.
    /// - Returns: those that were dead.
    @discardableResult
    func retryDead(_ seqs: [UInt64]? = nil, now: Int64) -> [UInt64] {
        let letters = dead(among: seqs)
        for seq in letters {
            set(dead: seq, nil)
            requeue(seq, attempt: 0, due: now)
        }
        return letters
    }

    /// Forgets dead letters: their records count as finished.
    ///
    /// - Parameter seqs: which; nil for all of them.
    /// - Returns: those that were dead.
    @discardableResult
    func discardDead(_ seqs: [UInt64]? = nil) -> [UInt64] {
        let letters = dead(among: seqs)
        for seq in letters { set(dead: seq, nil) }
        return letters
    }

    private func dead(among seqs: [UInt64]?) -> [UInt64] {
        guard let seqs else { return dead.keys.sorted() }
        return Set(seqs).filter { dead[$0] != nil }.sorted()
    }

    // MARK: Changes

    /// What changed since the last ``commit()`` or ``rollBack()``.
    var changes: Changes {
        Changes(items: itemsBefore.keys, dead: deadBefore.keys, isProgress: progressBefore != nil)
    }

    /// The changes are written down.
    func commit() {
        itemsBefore.removeAll(keepingCapacity: true)
        deadBefore.removeAll(keepingCapacity: true)
        progressBefore = nil
    }

    /// The changes could not be written down: everything is as it was before.
    func rollBack() {
        for (seq, item) in itemsBefore { set(seq, item) }
        for (seq, letter) in deadBefore { dead[seq] = letter }
        if let progressBefore { (high, isPaused) = progressBefore }
        commit()
    }

    private func change(_ seqs: [UInt64], owner: String, _ body: (UInt64, Item) -> Void) -> (
        done: [UInt64], stale: [UInt64]
    ) {
        var changed: [UInt64] = []
        var stale: [UInt64] = []
        for seq in seqs {
            if let item = items[seq], item.owner == owner {
                body(seq, item)
                changed.append(seq)
            } else {
                stale.append(seq)
            }
        }
        return (changed, stale)
    }

    private func lease(_ seq: UInt64, owner: String, attempt: Int, _ lengthMilliseconds: Int64, _ now: Int64) {
        keep(seq)
        set(
            seq,
            Item(attempt: attempt, owner: owner, due: now + lengthMilliseconds, lengthMilliseconds: lengthMilliseconds))
    }

    private func requeue(_ seq: UInt64, attempt: Int, due: Int64) {
        keep(seq)
        set(seq, Item(attempt: attempt, owner: nil, due: due, lengthMilliseconds: 0))
    }

    private func remove(_ seq: UInt64) {
        keep(seq)
        set(seq, nil)
    }

    private func keep(_ seq: UInt64) {
        if itemsBefore[seq] == nil { itemsBefore.updateValue(items[seq], forKey: seq) }
    }

    private func keepProgress() {
        if progressBefore == nil { progressBefore = (high, isPaused) }
    }

    private func set(dead seq: UInt64, _ letter: DeadLetter?) {
        if deadBefore[seq] == nil { deadBefore.updateValue(dead[seq], forKey: seq) }
        dead[seq] = letter
    }

    private func set(_ seq: UInt64, _ item: Item?) {
        if let before = items[seq] {
            if let owner = before.owner {
                held[owner]?.remove(seq)
                if held[owner]?.isEmpty == true { held[owner] = nil }
            }
            if before.due == earliest { earliest = nil }
        }
        items[seq] = item
        guard let item else { return }
        if let owner = item.owner { held[owner, default: []].insert(seq) }
        if let known = earliest {
            earliest = min(known, item.due)
        } else if items.count == 1 {
            earliest = item.due
        }
    }
}
