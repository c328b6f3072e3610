/// Decides which drop directories fill a batch, and in which order. It does no I/O.
///
/// Those of the highest priority that have complete files go first and may fill the batch alone; lower ones get what room is
/// left. So that none starves, one batch in sixteen is led by the next lower priority, one of sixteen of these by the one
/// below that, and so on. Directories of one priority share alike, and another one begins each time.
struct TurnOrder {
    /// A directory's part in a batch.
    struct Turn: Equatable {
        /// Its place in the list that was given.
        let index: Int
        /// Files that it may give, at most.
        let share: Int
    }

    /// One batch in so many is led by lower priorities.
    static let lowerShare = 16

    private let files: Int
    private var batches = 0
    /// Which directory of a priority begins; by priority.
    private var first: [Int: Int] = [:]

    /// Makes it for batches of so many files.
    init(files: Int) { self.files = files }

    /// Returns the turns of a batch.
    ///
    /// - Parameter priorities: those of the directories that have complete files.
    mutating func next(_ priorities: [Int]) -> [Turn] {
        batches &+= 1
        var levels = Array(Set(priorities)).sorted(by: >)
        // The lower it is, the rarer it leads.
        var lead = 0
        var rest = batches
        while rest.isMultiple(of: TurnOrder.lowerShare), lead < levels.count - 1 {
            rest /= TurnOrder.lowerShare
            lead += 1
        }
        if lead > 0 { levels.insert(levels.remove(at: lead), at: 0) }
        return levels.flatMap { level in turns(of: priorities.indices.filter { priorities[$0] == level }, level) }
    }

    private mutating func turns(of directories: [Int], _ level: Int) -> [Turn] {
        let start = first[level, default: 0] % directories.count
        // More than a batch has room for go on where the last one stopped.
        first[level] = start + (directories.count > files ? files : 1)
        let share = max(1, files / directories.count)
        return directories.indices.map { Turn(index: directories[(start + $0) % directories.count], share: share) }
    }
}
