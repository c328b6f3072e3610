/// One group of workers that share a stream: what is in flight, and to whom. Pure state; ``GroupStore`` writes it down.
///
/// Every record up to `high` was given out once; it is done when it is neither in `items` nor in `dead`.
final class WorkGroup {
    /// A record that was given out or came back.
    struct Item {
        /// How often it was given out.
        var attempt: Int
        /// Who has it; nil while it waits to be given again.
        var owner: String?
        /// Boot-clock milliseconds: when the lease ends, or from when it may be given again.
        var due: Int64
        var lengthMilliseconds: Int64
    }

    /// A record that nobody gets any more.
    struct DeadLetter {
        var attempts: Int
        var reason: String
    }

    let name: String
    let topics: [String]
    let maxAttempts: Int
    /// The last record that was given out for the first time.
    private(set) var high: UInt64
    private(set) var items: [UInt64: Item] = [:]
    var dead: [UInt64: DeadLetter] = [:]
    var highChanged = false

    private var changedItems: Set<UInt64> = []
    private var newlyDead: [UInt64] = []

    init(name: String, topics: [String], high: UInt64, maxAttempts: Int) {
        self.name = name
        self.topics = topics
        self.high = high
        self.maxAttempts = maxAttempts
    }

    /// The record up to which nothing is open.
    var floor: UInt64 { items.keys.min().map { $0 - 1 } ?? high }

    /// The earliest moment at which something may be given again; nil where nothing is open.
    var nextDue: Int64? { items.values.lazy.map(\.due).min() }

    /// Brings an item back from the store.
    func restore(seq: UInt64, attempt: Int, owner: String?, lengthMilliseconds: Int64, now: Int64) {
        items[seq] = Item(
            attempt: attempt, owner: owner, due: owner == nil ? now : now + lengthMilliseconds,
            lengthMilliseconds: lengthMilliseconds)
    }

    /// Returns what `owner` gets of that which was given out before: its own open leases first, then what is due.
    ///
    /// A lost reply strands nothing: the owner's own leases come again without charging an attempt.
    func reclaim(owner: String, maximum: Int, leaseMilliseconds: Int64, now: Int64) -> [UInt64] {
        let own = items.filter { $0.value.owner == owner && $0.value.due > now }.keys.sorted().prefix(maximum)
        var given = Array(own)
        for seq in given { lease(seq, owner: owner, attempt: items[seq]!.attempt, leaseMilliseconds, now) }
        for seq in items.filter({ $0.value.due <= now }).keys.sorted() {
            let item = items[seq]!
            if item.attempt >= maxAttempts {
                bury(seq, reason: item.owner == nil ? "attempts" : "the lease ended \(item.attempt) times")
            } else if given.count < maximum {
                lease(seq, owner: owner, attempt: item.attempt + 1, leaseMilliseconds, now)
                given.append(seq)
            }
        }
        return given
    }

    /// Gives out a record for the first time.
    func claim(_ seq: UInt64, owner: String, leaseMilliseconds: Int64, now: Int64) {
        lease(seq, owner: owner, attempt: 1, leaseMilliseconds, now)
    }

    /// Everything up to `seq` was given out or passed over by the group's topics.
    func advance(to seq: UInt64) {
        guard seq > high else { return }
        high = seq
        highChanged = true
    }

    /// Ends a record; what the owner does not hold comes back as stale.
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
        change(seqs, owner: owner) { seq, item in requeue(seq, attempt: item.attempt - 1, due: now) }
    }

    /// Marks a record as dead.
    func bury(_ seq: UInt64, reason: String) {
        dead[seq] = DeadLetter(attempts: items[seq]?.attempt ?? 0, reason: reason)
        newlyDead.append(seq)
        remove(seq)
    }

    /// Returns which items and dead letters changed since the last call.
    func takeChanges() -> (items: Set<UInt64>, dead: [UInt64]) {
        defer {
            changedItems.removeAll()
            newlyDead.removeAll()
        }
        return (changedItems, newlyDead)
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
        items[seq] = Item(
            attempt: attempt, owner: owner, due: now + lengthMilliseconds, lengthMilliseconds: lengthMilliseconds)
        changedItems.insert(seq)
    }

    private func requeue(_ seq: UInt64, attempt: Int, due: Int64) {
        items[seq] = Item(attempt: attempt, owner: nil, due: due, lengthMilliseconds: 0)
        changedItems.insert(seq)
    }

    private func remove(_ seq: UInt64) {
        items[seq] = nil
        changedItems.insert(seq)
    }
}
