import Linux
import Testing

@testable import Ingestion

/// The window on a drop directory, without a directory.
@Suite struct FileTableTests {
    private let rules = Readiness.Rules(
        quiet: .milliseconds(200), settle: .seconds(2), polling: .seconds(10), openFile: .seconds(600))
    private let now = Duration.seconds(100)
    private var cost: Int { FileTable.cost(of: RelativePath("000.txt")) }

    private func table(
        _ order: DropDirectoryConfiguration.Order = .oldest, room: Int, budget: WindowBudget? = nil
    ) -> FileTable {
        let table = FileTable(
            order: order, watched: rules, polled: rules, budget: budget ?? WindowBudget(limit: room * cost))
        table.open(0)
        return table
    }

    private func name(_ number: Int) -> RelativePath {
        RelativePath(String(repeating: "0", count: 3 - "\(number)".count) + "\(number).txt")
    }

    private func status(_ number: Int, size: Int64 = 10) -> FileStatus {
        FileStatus(
            kind: .regular, device: 1, inode: UInt64(number + 1), size: size, modified: Int64(number), changed: 1)
    }

    /// Adds a file that was last changed at a moment that its number tells.
    @discardableResult
    private func add(
        _ number: Int, to table: FileTable, age: Duration = .seconds(60), event: Readiness.Event? = nil
    ) -> Bool {
        var readiness = Readiness(status(number), age: age, now: now)
        if let event { readiness.note(event, status(number), now: now) }
        return table.add(
            FileTable.File(path: name(number), folder: 0, readiness: readiness), key: PathKey.file(name(number)),
            now: now)
    }

    private func takeAll(_ table: FileTable, now: Duration) -> [String] {
        var taken: [String] = []
        while let path = table.takeNext(now: now) {
            taken.append(String(path.description.prefix(3)))
            table.remove(path)
        }
        return taken
    }

    @Test(arguments: DropDirectoryConfiguration.Order.allCases)
    func `the window holds the first files by the order, and counts the others`(
        order: DropDirectoryConfiguration.Order
    ) {
        let table = table(order, room: 10)
        // 37 has no common part with 100: every number comes once, in no order.
        for step in 0..<100 { add(step * 37 % 100, to: table) }
        #expect(table.count(.waiting) == 10 && table.beyond == 90)
        let first = takeAll(table, now: now)
        let numbers = order == .newest ? Array((90..<100).reversed()) : Array(0..<10)
        #expect(first == numbers.map { String(name($0).description.prefix(3)) })
        #expect(table.wantsRefill)
        #expect(table.bytes == 0)
    }

    @Test func `the window is filled again when a quarter is left of it`() {
        let table = table(room: 40)
        for number in 0..<80 { add(number, to: table) }
        for left in stride(from: 39, through: 11, by: -1) {
            if let path = table.takeNext(now: now) { table.remove(path) }
            #expect(!table.wantsRefill, "\(left) are left")
        }
        if let path = table.takeNext(now: now) { table.remove(path) }
        #expect(table.wantsRefill)
    }

    @Test func `a file that is being written to stays, whatever else comes`() {
        let table = table(room: 10)
        for number in 500..<505 { add(number, to: table, event: .modified) }
        for number in 0..<100 { add(number, to: table) }
        #expect((500..<505).allSatisfy { table[name($0)] != nil })
        #expect(table.count(.waiting) == 5 && table.count(.settling) == 5 && table.beyond == 95)
        #expect(!table.hasLostEvidence)
        // A better one by the order changes nothing of that.
        add(600, to: table, event: .modified)
        #expect((500..<505).allSatisfy { table[name($0)] != nil } && table[name(600)] != nil)
    }

    @Test func `where all are being written to, what is found later waits as where events were lost`() {
        let table = table(room: 10)
        for number in 0..<20 { add(number, to: table, event: .modified) }
        #expect(table.count(.settling) == 10 && table.beyond == 10)
        #expect(table.hasLostEvidence)
        table.beginListing(0)
        for number in 0..<20 { _ = table.see(PathKey.file(name(number)), in: 0) }
        table.endListing(0, isComplete: true)
        table.endPass { _ in true }
        #expect(table.beyond == 0 && !table.hasLostEvidence)
    }

    @Test func `what settles never crowds out what is complete`() {
        let table = table(.name, room: 10)
        for number in 0..<50 { add(number, to: table, age: .zero) }
        for number in 50..<100 { add(number, to: table) }
        #expect(table.count(.waiting) >= 4 && table.count(.settling) >= 4)
        #expect(takeAll(table, now: now).first == "050")
    }

    @Test func `a file that cannot be taken needs little room, and keeps its count of failures`() throws {
        let table = table(room: 12)
        for number in 0..<10 { add(number, to: table) }
        for number in 0..<10 {
            let slot = try #require(table.slot(of: name(number)))
            table.update(slot, now: now) {
                $0.failures = 3
                $0.blockedUntil = now + .seconds(30)
            }
        }
        for number in 10..<20 { add(number, to: table) }
        #expect(table.count(.blocked) == 10 && table.count(.waiting) == 10)
        let key = PathKey.file(name(3))
        guard case .aside(FileIdentity(status(3)).key, let until) = table.see(key, in: 0) else {
            Issue.record("it is not aside")
            return
        }
        #expect((now + .seconds(30)...now + .seconds(31)).contains(until))
        #expect(table.failuresAside(key) == 3)
    }

    @Test func `a table with much gives room to one with little`() {
        let budget = WindowBudget(limit: 20 * cost)
        let (full, small) = (table(room: 0, budget: budget), table(room: 0, budget: budget))
        for number in 0..<100 { add(number, to: full) }
        #expect(full.count(.waiting) == 20)
        for number in 0..<4 { add(number, to: small) }
        #expect(small.count(.waiting) == 4 && small.beyond == 0 && full.count(.waiting) == 16)
        for number in 4..<100 { add(number, to: small) }
        #expect(small.count(.waiting) == 10 && full.count(.waiting) == 10)
        #expect(budget.used <= budget.limit && budget.used == full.bytes + small.bytes)
    }

    @Test func `what is known of left files takes from the window, down to a quarter`() {
        let budget = WindowBudget(limit: 20 * cost)
        let table = table(room: 0, budget: budget)
        func leave(_ count: Int) {
            for number in 0..<count {
                let path = RelativePath("left-\(number).txt")
                guard table.find(path, key: PathKey.file(path)) == .unknown else { continue }
                table.expect(path, FileIdentity(status(number)), row: 1, in: 0)
            }
        }
        leave(budget.limit / 2 / FileTable.costOutside)
        for number in 0..<100 { add(number, to: table) }
        #expect((9...10).contains(table.count(.waiting)))
        leave(budget.limit * 10 / FileTable.costOutside)
        add(0, to: table)
        add(100, to: table)
        #expect(table.count(.waiting) == 5)
        // Another directory has its place again when this one goes.
        table.forgetExpected(in: 0)
        for number in 0..<100 where table[name(number)] == nil { add(number, to: table) }
        #expect(table.count(.waiting) == 20)
    }

    @Test func `long names count for what they are`() {
        let table = table(room: 100)
        for number in 0..<100 {
            let path = RelativePath("\(number)-" + String(repeating: "x", count: 4000))
            let readiness = Readiness(status(number), age: .seconds(60), now: now)
            table.add(
                FileTable.File(path: path, folder: 0, readiness: readiness), key: PathKey.file(path), now: now)
        }
        #expect(table.count(.waiting) < 10 && table.beyond > 90)
    }

    @Test func `files become complete in the order of their moments and go in that of the directory`() {
        let table = table(room: 100)
        for number in 0..<10 { add(number, to: table, age: .milliseconds(number * 100)) }
        #expect(table.nextDue(now: now) == now + .milliseconds(1100))
        #expect(takeAll(table, now: now + .milliseconds(1500)) == ["005", "006", "007", "008", "009"])
        #expect(takeAll(table, now: now + .seconds(2)) == ["000", "001", "002", "003", "004"])
    }

    @Test func `a file that changes all the time leaves nothing behind`() throws {
        let table = table(room: 100)
        for number in 0..<10 { add(number, to: table) }
        for step in 0..<20_000 {
            let slot = try #require(table.slot(of: name(step % 10)))
            table.update(slot, now: now) { file in
                file.readiness.note(.modified, status(step % 10, size: Int64(step)), now: now + .milliseconds(step))
            }
        }
        #expect(table.waiting.count + table.settling.count + table.due.count < 400)
        #expect(table.count(.settling) == 10)
    }

    // MARK: Listings

    private func list(_ table: FileTable, _ numbers: some Sequence<Int>, isThere: Bool = false) -> [Int64] {
        table.beginListing(0)
        for number in numbers { _ = table.see(PathKey.file(name(number)), in: 0) }
        table.endListing(0, isComplete: true)
        table.endPass { _ in isThere }
        return table.takeDeparted().sorted()
    }

    @Test func `a left file is gone when two listings in a row have not shown it`() {
        let table = table(room: 100)
        for number in 0..<6 {
            add(number, to: table)
            table.leave(name(number), row: Int64(number))
        }
        #expect(table.count(.left) == 6 && table.bytes == 0)
        #expect(list(table, 0..<6) == [])
        #expect(list(table, 0..<4) == [])
        #expect(list(table, [0, 1, 2, 4]) == [5])
        #expect(list(table, 0..<3) == [3])
        #expect(list(table, 0..<3) == [4])
        #expect(table.count(.left) == 3)
    }

    @Test func `a listing that was broken off says nothing of what it has not shown`() {
        let table = table(room: 100)
        add(0, to: table)
        table.leave(name(0), row: 7)
        for _ in 0..<5 {
            table.beginListing(0)
            table.endListing(0, isComplete: false)
            table.endPass { _ in false }
        }
        #expect(table.takeDeparted() == [] && table.count(.left) == 1)
    }

    @Test func `a file in the window that a listing does not show is asked for by its name`() {
        let table = table(room: 100)
        for number in 0..<3 { add(number, to: table) }
        _ = list(table, 0..<1, isThere: true)
        #expect(table.count(.waiting) == 3)
        _ = list(table, 0..<1, isThere: false)
        #expect(table.count(.waiting) == 1)
    }

    @Test(arguments: [(found: 5, expected: 0), (found: 4, expected: 6)])
    func `what the ledger expects is gone only where most of it is found`(found: Int, expected: Int) {
        let table = table(room: 100)
        for number in 0..<10 {
            table.expect(name(number), FileIdentity(status(number)), row: Int64(number), in: 0)
        }
        table.beginListing(0)
        for number in 0..<found {
            #expect(table.see(PathKey.file(name(number)), in: 0) == .expected(FileIdentity(status(number)).key))
            table.recognize(PathKey.file(name(number)))
        }
        table.endListing(0, isComplete: true)
        table.endPass { _ in false }
        #expect(table.takeDeparted().count == 10 - found - expected)
        #expect(table.count(.left) == found && table.totals.expected == expected)
    }

    @Test func `of two rows of one path the later counts`() {
        let table = table(room: 100)
        table.expect(name(0), FileIdentity(status(0)), row: 3, in: 0)
        table.expect(name(0), FileIdentity(status(1)), row: 8, in: 0)
        #expect(table.takeDeparted() == [3])
        #expect(table.see(PathKey.file(name(0)), in: 0) == .expected(FileIdentity(status(1)).key))
    }

    /// Random use: the counts are those of what is there, and the budget is kept.
    @Test(arguments: UInt64(0)..<40)
    func `the counts are right whatever happens`(seed: UInt64) {
        var random = Seeded(seed: seed)
        let table = table([.oldest, .newest, .name][Int(seed % 3)], room: 30)
        table.open(1)
        var time = now
        for _ in 0..<2000 {
            time += .milliseconds(Int(random.next() % 300))
            let number = Int(random.next() % 200)
            let (path, key) = (name(number), PathKey.file(name(number)))
            switch random.next() % 12 {
            case 0: table.remove(path)
            case 1: table.leave(path, row: Int64(number))
            case 2: if let path = table.takeNext(now: time) { table.leave(path, row: 1) }
            case 3: if let path = table.takeNext(now: time) { table.remove(path) }
            case 4:
                if let slot = table.slot(of: path) {
                    table.update(slot, now: time) { $0.blockedUntil = time + .seconds(5) }
                }
            case 5:
                table.beginListing(0)
                for other in 0..<200 where random.next() % 4 > 0 { _ = table.see(PathKey.file(name(other)), in: 0) }
                table.endListing(0, isComplete: random.next() % 3 > 0)
                table.endPass { _ in random.next() % 2 == 0 }
            case 6: _ = table.see(key, in: Int32(random.next() % 2))
            case 7: table.unlearn(0)
            case 8: table.recognize(key)
            default:
                guard table.find(path, key: key) == .unknown else { continue }
                var readiness = Readiness(status(number), age: .milliseconds(Int(random.next() % 4000)), now: time)
                if random.next() % 4 == 0 { readiness.note(.modified, status(number), now: time) }
                table.add(FileTable.File(path: path, folder: 0, readiness: readiness), key: key, now: time)
            }
            #expect(table.budget.used <= table.budget.limit && table.budget.used == table.bytes)
        }
        var kinds: [PathIndex.Kind: Int] = [:]
        var unseen = [0, 0]
        table.index.forEach { entry in
            kinds[entry.kind, default: 0] += 1
            let isSeen = entry.generation == table.shelves[Int(entry.folder)].generation
            if entry.kind != .expected, !isSeen { unseen[Int(entry.folder)] += 1 }
        }
        var files = 0
        table.forEachSlot { _ in files += 1 }
        #expect(kinds[.file, default: 0] == files)
        #expect(kinds[.left, default: 0] == table.totals.left && kinds[.expected, default: 0] == table.totals.expected)
        #expect(kinds[.aside, default: 0] == table.totals.aside)
        #expect(table.shelves.map(\.unseen) == unseen)
        #expect(table.shelves.reduce(0) { $0 + $1.known } == table.index.count - table.totals.expected)
        #expect(table.totals.beyond == table.shelves.reduce(0) { $0 + $1.shownBeyond })
        let stages: [FileTable.Stage] = [.waiting, .settling]
        #expect(stages.reduce(0) { $0 + table.count($1) } + table.count(.blocked) - table.totals.aside == files)
    }
}
