/// The memory that the windows of all drop directories share.
///
/// Where it is used up, the directory that holds most gives files up first: so each has its share, and one that is alone
/// with much has all of it.
final class WindowBudget {
    private struct Member {
        let id: ObjectIdentifier
        unowned let table: FileTable
    }

    /// In bytes.
    let limit: Int
    private(set) var used = 0
    private var members: [Member] = []

    /// Makes a budget; the default holds some eighty thousand files with names of usual length.
    init(limit: Int = 24 << 20) { self.limit = limit }

    func join(_ table: FileTable) { members.append(Member(id: ObjectIdentifier(table), table: table)) }

    /// Leaves with what the table still holds.
    func leave(_ id: ObjectIdentifier, bytes: Int) {
        members.removeAll { $0.id == id }
        used -= bytes
    }

    /// Notes that a table holds more, or less.
    func add(_ bytes: Int) { used += bytes }

    /// No more fits without giving something up.
    func isFull(for bytes: Int) -> Bool { used + bytes > limit }

    /// The table would be the one to give something up.
    func isLargest(_ table: FileTable) -> Bool { !members.contains { $0.table.bytes > table.bytes } }

    /// Has files given up until the rest fits.
    func makeRoom() {
        while used > limit {
            guard let largest = members.max(by: { $0.table.bytes < $1.table.bytes }), largest.table.giveUpWorst() else {
                // All is in hand, or being written to and few.
                return
            }
        }
    }
}
