import TOML
import TestSupport
import Testing

@testable import Ingestion

/// Which directory's files go first, and how fast they go.
@Suite struct TurnTests {
    // MARK: Priorities

    @Test func `the highest priority goes first, and lower ones fill what room is left`() {
        var order = TurnOrder(files: 100)
        let turns = order.next([0, 5, -3, 5])
        #expect(Set(turns[..<2].map(\.index)) == [1, 3])
        #expect(turns[..<2].map(\.share) == [50, 50])
        #expect(turns[2...].map(\.index) == [0, 2])
        #expect(turns[2...].map(\.share) == [100, 100])
    }

    @Test func `a lower priority leads one batch in sixteen, and one below that one of sixteen of these`() {
        var order = TurnOrder(files: 100)
        var leads = [0, 0, 0]
        for _ in 0..<4096 { leads[order.next([9, 0, -9])[0].index] += 1 }
        #expect(leads == [3840, 240, 16])
    }

    @Test func `directories of one priority take turns at the beginning`() {
        var order = TurnOrder(files: 100)
        let first = (0..<6).map { _ in order.next([1, 1, 1])[0].index }
        #expect(first == [0, 1, 2, 0, 1, 2])
    }

    @Test func `more directories than a batch has files are all served in a few batches`() {
        var order = TurnOrder(files: 100)
        let priorities = [Int](repeating: 0, count: 350)
        var served: Set<Int> = []
        for _ in 0..<4 { served.formUnion(order.next(priorities).prefix(100).map(\.index)) }
        #expect(served.count == 350)
        #expect(order.next(priorities).allSatisfy { $0.share == 1 })
    }

    @Test func `one directory has the whole batch`() {
        var order = TurnOrder(files: 100)
        for _ in 0..<20 { #expect(order.next([3]) == [.init(index: 0, share: 100)]) }
    }

    // MARK: Rates

    @Test func `a second's worth of files goes at once, and then one an interval`() {
        var limit = RateLimit(filesPerSecond: 4, bytesPerSecond: 0)
        var now = Duration.seconds(100)
        for _ in 0..<4 {
            #expect(limit.next <= now)
            limit.take(bytes: 1, now: now)
        }
        for _ in 0..<5 {
            #expect(limit.next == now + .milliseconds(250))
            now = limit.next
            limit.take(bytes: 1, now: now)
        }
    }

    @Test func `a file larger than a second's worth passes and is waited for afterwards`() {
        var limit = RateLimit(filesPerSecond: 0, bytesPerSecond: 1000)
        limit.take(bytes: 5000, now: .seconds(10))
        #expect(limit.next == .seconds(14))
        limit.take(bytes: 100, now: .seconds(14))
        #expect(limit.next == .seconds(14) + .milliseconds(100))
        limit.take(bytes: 0, now: .seconds(60))
        #expect(limit.next <= .seconds(60), "what was not used is not saved up beyond a second")
        limit.take(bytes: 2000, now: .seconds(60))
        #expect(limit.next == .seconds(61))
    }

    @Test func `the stricter of both rates counts, and no rate is no limit`() {
        var limit = RateLimit(filesPerSecond: 1, bytesPerSecond: 1000)
        limit.take(bytes: 10, now: .seconds(5))
        #expect(limit.next == .seconds(6))
        limit.take(bytes: 9000, now: .seconds(6))
        #expect(limit.next == .seconds(14))
        var none = RateLimit(filesPerSecond: 0, bytesPerSecond: 0)
        for _ in 0..<100 { none.take(bytes: 1 << 40, now: .zero) }
        #expect(none.next == .zero)
    }

    @Test(arguments: UInt64(0)..<50) func `over any time no more goes than a second's worth and the rate`(seed: UInt64)
    {
        var random = Seeded(seed: seed)
        let rate = Int(random.next() % 50) + 1
        let bytesRate = Int(random.next() % 100_000) + 1
        var limit = RateLimit(filesPerSecond: rate, bytesPerSecond: bytesRate)
        var now = Duration.zero
        var (files, bytes, largest) = (0, 0, 0)
        for _ in 0..<500 {
            now += .milliseconds(Int(random.next() % 40))
            while limit.next <= now {
                let size = Int(random.next() % 20_000)
                limit.take(bytes: Int64(size), now: now)
                (files, bytes, largest) = (files + 1, bytes + size, max(largest, size))
            }
        }
        let seconds = Double(now.components.seconds) + Double(now.components.attoseconds) * 1e-18 + 1
        #expect(Double(files) <= seconds * Double(rate) + 1e-6)
        #expect(Double(bytes) <= seconds * Double(bytesRate) + Double(largest) + 1e-6)
    }

    // MARK: At work

    @Test func `a rate holds files back, and the loop sleeps exactly until the next may go`() throws {
        let bench = try Bench { $0.maximumFilesPerSecond = 2 }
        for number in 1...6 { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.pass(.seconds(3))
        var counts: [Int] = []
        for _ in 0..<4 {
            counts.append(try bench.titles().count)
            let desk = try #require(bench.desk)
            // Until the next file, or the next look at the directory if that is sooner.
            let wait = desk.untilDue()
            #expect(wait > .zero || counts.last == 6)
            try bench.pass(.milliseconds(500))
        }
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $1 - $0 <= 1 } && counts[0] >= 2)
        try bench.pass(.seconds(3))
        #expect(try bench.titles().count == 6)
    }

    @Test func `a byte rate lets one large file pass and then waits`() throws {
        let bench = try Bench { $0.maximumBytesPerSecond = 10 }
        for number in 1...3 { try bench.writeInPlace(Bench.article(number), "\(number).txt") }
        try bench.pass(.seconds(4))
        #expect(try bench.titles().count == 1)
        #expect(bench.snapshot.directories.first?.waiting == 2)
        // Each has some eighty bytes, so some seven seconds after the first second's worth.
        try bench.pass(.seconds(9))
        #expect(try bench.titles().count == 2)
    }

    @Test func `files of a directory of higher priority are published first`() throws {
        let bench = try Bench { $0.priority = -1 }
        try bench.scratch.makeDirectory("urgent")
        var urgent = DropDirectoryConfiguration(path: bench.scratch.path("urgent"))
        urgent.priority = 1
        bench.moreDirectories = [urgent]
        for number in 1...3 {
            try bench.writeInPlace(Bench.article(number), "\(number).txt")
            try bench.scratch.write(Bench.article(number + 10), to: "urgent/\(number).txt")
        }
        try bench.pass(.seconds(3))
        #expect(try bench.titles() == [11, 12, 13, 1, 2, 3].map { "Headline number \($0)" })
    }
}
