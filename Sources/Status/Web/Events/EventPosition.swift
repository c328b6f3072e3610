/// How far somebody has followed the event stream: a place in each of the tables from which its events come.
///
/// Its text is the id of an event. It is made of what the store keeps, and so outlives the service; the name of the store
/// stands in it, since another store counts anew.
struct EventPosition: Sendable, Hashable, CustomStringConvertible {
    /// The tables, in the order in which the events of a turn are told.
    enum Table: Int, Sendable, CaseIterable {
        case kills, articles, files, results
    }

    /// The store's results log: the beginning of its stream's name, and its epoch.
    let store: String
    private var places: [4 of Int64]

    /// Makes the beginning of a store.
    init(store: String) {
        self.store = store
        places = [0, 0, 0, 0]
    }

    /// Reads the id of an event; nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 120, parts.count == 1 + Table.allCases.count, !parts[0].isEmpty else { return nil }
        self.init(store: String(parts[0]))
        for (table, part) in zip(Table.allCases, parts.dropFirst()) {
            guard let place = Int64(part), place >= 0 else { return nil }
            self[table] = place
        }
    }

    /// The place in one table.
    subscript(table: Table) -> Int64 {
        get { places[table.rawValue] }
        set { places[table.rawValue] = newValue }
    }

    static func == (left: EventPosition, right: EventPosition) -> Bool {
        left.store == right.store && Table.allCases.allSatisfy { left[$0] == right[$0] }
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(store)
        for table in Table.allCases { hasher.combine(self[table]) }
    }

    var description: String {
        ([store] + Table.allCases.map { "\(self[$0])" }).joined(separator: ".")
    }

    /// How much stands between this and a later place of the same store, at most; nil where it is no later one.
    func distance(to later: EventPosition) -> Int64? {
        guard store == later.store else { return nil }
        var sum: Int64 = 0
        for table in Table.allCases {
            guard later[table] >= self[table] else { return nil }
            sum = sum &+ (later[table] &- self[table])
        }
        return sum
    }
}
