import Linux
import TestSupport
import Testing

@testable import Ingestion

/// How much of the time looking takes, by a clock that goes on a little whenever it is read.
@Suite struct LookingTimeTests {
    private final class Watch {
        let scratch: ScratchDirectory
        let drop: DropDirectory
        private(set) var now = Duration.seconds(1000)
        private(set) var spent = Duration.zero

        init(files: Int, usesEvents: Bool) throws {
            scratch = try ScratchDirectory()
            try scratch.makeDirectory("drop")
            for number in 0..<files { try scratch.write("\(number)", to: "drop/\(number).txt") }
            var configuration = DropDirectoryConfiguration(path: scratch.path("drop"))
            configuration.usesEvents = usesEvents
            drop = DropDirectory(configuration: configuration, id: 1, lookout: Lookout())
            drop.expect([])
        }

        /// Leaves everything that is complete where it is.
        func leaveAll() {
            while let next = drop.takeNext(now: now) { drop.leave(next.path, row: 1, now: now) }
        }

        /// Polls for some seconds; returns the share of them that it took.
        func poll(seconds: Int, each body: (Int) throws -> Void = { _ in }) throws -> Double {
            let (began, before) = (now, spent)
            for second in 1...seconds {
                now = max(now, began + .seconds(second))
                try body(second)
                drop.lookout.check(now: now)
                drop.lookout.events.take(now: now)
                guard drop.untilScan(now: now) == .zero else { continue }
                let start = now
                drop.scan(now: now, until: now + .seconds(3600), clock: tick) { _ in }
                spent += now - start
            }
            return (spent - before) / (now - began)
        }

        private func tick() -> Duration {
            now += .milliseconds(2)
            return now
        }
    }

    @Test(arguments: [(true, 0.03), (false, 0.07)])
    func `a directory in which a file comes every second is not listed every second`(
        usesEvents: Bool, most: Double
    ) throws {
        let watch = try Watch(files: 5000, usesEvents: usesEvents)
        _ = try watch.poll(seconds: 20)
        watch.leaveAll()
        let share = try watch.poll(seconds: 300) { second in
            try watch.scratch.write("new", to: "drop/new-\(second).txt")
        }
        #expect(share > 0 && share < most)
        #expect(watch.drop.table.count(.settling) + watch.drop.table.count(.waiting) > 250)
    }

    @Test(arguments: [true, false])
    func `files that lie there for long are looked at again within a hundredth of the time`(usesEvents: Bool) throws {
        let watch = try Watch(files: 5000, usesEvents: usesEvents)
        _ = try watch.poll(seconds: 20)
        watch.leaveAll()
        #expect(watch.drop.table.count(.left) == 5000)
        // What the first listings took is made up for.
        _ = try watch.poll(seconds: 60)
        let before = watch.drop.scanner.listings
        let share = try watch.poll(seconds: 600)
        // The polls themselves take some ticks each.
        #expect(share < 0.025)
        #expect(watch.drop.scanner.listings > before, "they are looked at again")
    }

    @Test func `long examinations do not hold up short ones, and both have their share`() {
        var pace = LookingPace()
        var now = Duration.seconds(1000)
        var (short, long) = (Duration.zero, Duration.zero)
        for _ in 0..<1000 {
            now += .seconds(1)
            if pace.allows(.milliseconds(400), now: now) {
                pace.spend(.milliseconds(400))
                long += .milliseconds(400)
            }
            for _ in 0..<1000 where pace.allows(.microseconds(20), now: now) {
                pace.spend(.microseconds(20))
                short += .microseconds(20)
            }
        }
        #expect((4.5...5.5).contains(short / .seconds(1)))
        #expect((4.5...5.9).contains(long / .seconds(1)))
    }
}
