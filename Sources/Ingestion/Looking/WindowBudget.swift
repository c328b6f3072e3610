/// The memory that the windows of all drop directories share. What is known of files outside the windows comes first, and
/// leaves them a quarter at least.
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
    /// What is known of files outside the windows.
    private var outside = 0
    private var members: [Member] = []

    /// Makes a budget; the default holds some sixty thousand files with names of usual length.
    init(limit: Int = 20 << 20) { self.limit = limit }

    /// What the windows may have.
    private var room: Int { max(limit - outside, limit / 4) }

    func join(_ table: FileTable) { members.append(Member(id: ObjectIdentifier(table), table: table)) }

    /// Leaves with what the table still holds.
    func leave(_ id: ObjectIdentifier, bytes: Int, outside: Int) {
        members.removeAll { $0.id == id }
        used -= bytes
        self.outside -= outside
    }

    /// Notes that a table holds more, or less.
    func add(_ bytes: Int) { used += bytes }

    /// Notes that more is known of files outside the windows, or less.
    func addOutside(_ bytes: Int) { outside += bytes }

    /// No more fits without giving something up.
    func isFull(for bytes: Int) -> Bool { used + bytes > room }

    /// The table would be the one to give something up.
    func isLargest(_ table: FileTable) -> Bool { !members.contains { $0.table.bytes > table.bytes } }

    /// Has files given up until the rest fits.
    func makeRoom() {
        while used > room {
            guard let largest = members.max(by: { $0.table.bytes < $1.table.bytes }), largest.table.giveUpWorst() else {
                // All is in hand, or being written to and few.
                return
            }
        }
    }
}
