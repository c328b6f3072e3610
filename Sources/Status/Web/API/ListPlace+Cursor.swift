extension ListPlace {
    /// Reads the `cursor` of a list of arrivals; nil where it is none.
    init?(cursor: String) {
        guard let row = Int64(cursor.dropFirst()), row >= 0 else { return nil }
        switch cursor.first {
        case "b": self = .before(row)
        case "a": self = .after(row)
        default: return nil
        }
    }
}

extension ListReply {
    /// Makes the ways from a page of a list of arrivals: back in time, and forth.
    init(_ page: ListPage<some Sendable>) {
        self.init(next: page.older.map { "b\($0)" }, previous: page.newer.map { "a\($0)" })
    }
}
