import Linux
import TestSupport
import Testing

@testable import Ingestion

/// When a file counts as complete, without a file.
@Suite struct ReadinessTests {
    private let rules = Readiness.Rules(
        quiet: .milliseconds(200), settle: .seconds(2), polling: .seconds(10), openFile: .seconds(600))

    private func status(
        size: Int64 = 10, modified: Int64 = 1, changed: Int64 = 1, inode: UInt64 = 7, links: Int = 1
    ) -> FileStatus {
        FileStatus(
            kind: .regular, device: 1, inode: inode, size: size, modified: modified, changed: changed, links: links)
    }

    @Test func `a file that was renamed in is complete at once`() {
        var readiness = Readiness(status(), age: .zero, now: .seconds(5))
        readiness.note(.movedIn, status(), now: .seconds(5))
        #expect(readiness.settled(by: rules) <= .seconds(5))
    }

    @Test func `a closed file waits for a moment of quiet`() {
        var readiness = Readiness(status(size: 0), age: .zero, now: .seconds(5))
        readiness.note(.created, status(size: 0), now: .seconds(5))
        readiness.note(.modified, status(modified: 2, changed: 2), now: .seconds(6))
        readiness.note(.closed, status(modified: 2, changed: 2), now: .seconds(6))
        #expect(readiness.settled(by: rules) == .seconds(6) + .milliseconds(200))
    }

    @Test func `a second write after the first close starts the wait again`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.closed, status(), now: .seconds(1))
        readiness.note(.modified, status(size: 20, modified: 3, changed: 3), now: .seconds(1))
        #expect(readiness.settled(by: rules) == .seconds(601))
        readiness.note(.closed, status(size: 20, modified: 3, changed: 3), now: .seconds(3))
        #expect(readiness.settled(by: rules) == .seconds(3) + .milliseconds(200))
    }

    @Test func `a file that no event told of settles by time`() {
        var readiness = Readiness(status(), age: .zero, now: .seconds(5))
        #expect(readiness.settled(by: rules) == .seconds(7))
        readiness.look(status(), now: .seconds(6))
        #expect(readiness.settled(by: rules) == .seconds(7), "an unchanged look does not start the wait again")
        readiness.look(status(size: 11), now: .seconds(6))
        #expect(readiness.settled(by: rules) == .seconds(8))
    }

    @Test func `a change of ctime alone starts the wait again`() {
        var readiness = Readiness(status(), age: .zero, now: .seconds(5))
        readiness.look(status(changed: 9), now: .seconds(6))
        #expect(readiness.settled(by: rules) == .seconds(8))
    }

    @Test func `an old file found at the start is complete at once`() {
        let readiness = Readiness(status(), age: .seconds(3600), now: .seconds(1))
        #expect(readiness.settled(by: rules) <= .seconds(1))
    }

    @Test func `a write that no event told of takes a close's word back`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.closed, status(), now: .seconds(1))
        readiness.look(status(size: 20, modified: 5, changed: 5), now: .seconds(1) + .milliseconds(100))
        #expect(readiness.settled(by: rules) == .seconds(3) + .milliseconds(100))
    }

    @Test func `when events were lost, an open file waits as in a directory that is only polled`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.modified, status(size: 20, modified: 5, changed: 5), now: .seconds(1))
        readiness.eventsWereLost(now: .seconds(2))
        #expect(readiness.settled(by: rules) == .seconds(12))
    }

    @Test func `a hard link has nobody who will close it`() {
        var readiness = Readiness(status(links: 2), age: .zero, now: .seconds(5))
        readiness.note(.created, status(links: 2), now: .seconds(5))
        #expect(readiness.settled(by: rules) == .seconds(7))
    }

    // MARK: Companions

    private func rules(needsMarker: Bool = false, needsChecksum: Bool = false) -> Readiness.Rules {
        var rules = rules
        rules.needsMarker = needsMarker
        rules.needsChecksum = needsChecksum
        return rules
    }

    private func marker(changed: Int64, now: Duration) -> Readiness {
        var marker = Readiness(status(size: 0, changed: changed, inode: 99), age: .zero, now: now)
        marker.note(.closed, status(size: 0, changed: changed, inode: 99), now: now)
        return marker
    }

    @Test func `a marker that no event tells of counts after a moment of quiet`() {
        var readiness = Readiness(status(changed: 5), age: .seconds(9000), now: .zero)
        var marker = Readiness(status(size: 0, changed: 6, inode: 99), age: .zero, now: .seconds(1))
        readiness.look(marker: marker)
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(1) + .milliseconds(200))
        marker.note(.created, status(size: 0, changed: 6, inode: 99), now: .seconds(2))
        readiness.look(marker: marker)
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(2) + .milliseconds(200))
        marker.note(.closed, status(size: 0, changed: 7, inode: 99), now: .seconds(2))
        readiness.look(marker: marker)
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(2))
    }

    @Test(arguments: [Readiness.Event.movedIn, .closed, .created, .modified, nil])
    func `whatever events said, nothing is complete without its marker`(event: Readiness.Event?) {
        var readiness = Readiness(status(changed: 5), age: .seconds(9000), now: .zero)
        if let event { readiness.note(event, status(changed: 5), now: .seconds(1)) }
        #expect(readiness.settled(by: rules(needsMarker: true)) == Readiness.never)
        readiness.look(marker: marker(changed: 5, now: .seconds(3)))
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(3), "not changed since the marker was made")
        readiness.forgetMarker()
        #expect(readiness.settled(by: rules(needsMarker: true)) == Readiness.never)
    }

    @Test func `a file that changed after its marker settles by the usual rules`() {
        var readiness = Readiness(status(changed: 6), age: .zero, now: .seconds(1))
        readiness.look(marker: marker(changed: 5, now: .seconds(1)))
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(3))
        readiness.look(status(size: 20, changed: 9), now: .seconds(2))
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(4))
        readiness.look(marker: marker(changed: 9, now: .seconds(3)))
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(3), "a later marker stands for it")
    }

    @Test func `a marker does not make a file complete that was read and found cut`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.look(marker: marker(changed: 9, now: .zero))
        readiness.settleAgain(now: .seconds(5))
        #expect(readiness.settled(by: rules(needsMarker: true)) == .seconds(7))
    }

    @Test func `a file with a checksum is tried after a moment of quiet`() {
        var readiness = Readiness(status(), age: .zero, now: .seconds(1))
        var sum = Readiness(status(inode: 8), age: .zero, now: .seconds(1))
        sum.note(.movedIn, status(inode: 8), now: .seconds(1))
        readiness.look(.checksum(.sha256), sum)
        #expect(readiness.settled(by: rules) == .seconds(1) + .milliseconds(200))
        readiness.note(.modified, status(size: 20), now: .seconds(4))
        #expect(readiness.settled(by: rules) == .seconds(4) + .milliseconds(200), "nobody need close it")
        readiness.note(.movedIn, status(size: 30, inode: 9), now: .seconds(5))
        #expect(readiness.settled(by: rules) == .seconds(5))
        readiness.look(.checksum(.sha256), nil)
        #expect(readiness.settled(by: rules(needsChecksum: true)) == Readiness.never)
    }

    @Test func `every sidecar must itself be complete`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.movedIn, status(), now: .zero)
        var sidecar = Readiness(status(size: 3, inode: 8), age: .zero, now: .seconds(1))
        readiness.look(.metadata, sidecar)
        #expect(readiness.settled(by: rules) == .seconds(3))
        sidecar.note(.modified, status(size: 5, inode: 8), now: .seconds(2))
        readiness.look(.metadata, sidecar)
        #expect(readiness.settled(by: rules) == .seconds(602))
        sidecar.note(.closed, status(size: 5, inode: 8), now: .seconds(4))
        readiness.look(.metadata, sidecar)
        #expect(readiness.settled(by: rules) == .seconds(4) + .milliseconds(200))
        readiness.look(marker: marker(changed: 1, now: .seconds(4)))
        #expect(readiness.settled(by: rules) == .seconds(4), "a marker stands for the sidecars that it found, too")
    }

    @Test func `after a mismatch the long wait begins, and no checksum shortens it again`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.movedIn, status(), now: .zero)
        var sum = Readiness(status(inode: 8), age: .seconds(100), now: .zero)
        readiness.look(.checksum(.md5), sum)
        readiness.doubt(now: .seconds(1))
        #expect(readiness.settled(by: rules) == .seconds(11))
        readiness.look(status(size: 20), now: .seconds(3))
        #expect(readiness.settled(by: rules) == .seconds(5), "it goes on: by the usual rules")
        readiness.note(.modified, status(size: 30), now: .seconds(6))
        #expect(readiness.settled(by: rules) == .seconds(606))
        readiness.note(.closed, status(size: 30), now: .seconds(7))
        #expect(readiness.settled(by: rules) == .seconds(7) + .milliseconds(200))
        readiness.doubt(now: .seconds(8))
        sum.look(status(size: 12, inode: 8), now: .seconds(9))
        readiness.look(.checksum(.md5), sum)
        #expect(readiness.settled(by: rules) == .seconds(11), "another checksum may be the right one, once it settles")
    }

    @Test func `what an operator dropped again needs neither marker nor checksum`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.movedIn, status(), now: .seconds(1))
        readiness.waive()
        #expect(readiness.settled(by: rules(needsMarker: true, needsChecksum: true)) == .zero)
        readiness.look(status(inode: 9), now: .seconds(2))
        #expect(readiness.settled(by: rules(needsMarker: true)) == Readiness.never, "another file has its name")
    }

    @Test func `a file waits for its age on top of everything`() {
        var readiness = Readiness(status(), age: .zero, now: .zero)
        readiness.note(.movedIn, status(), now: .zero)
        readiness.wait(until: .seconds(50))
        #expect(readiness.settled(by: rules) == .seconds(50))
        readiness.wait(until: nil)
        #expect(readiness.settled(by: rules) == .zero && readiness.company == nil)
    }

    /// What a random producer does to a file, and what the machine is told of it.
    @Test(arguments: UInt64(0)..<200)
    func `a file is never taken before its writer has closed it and been quiet`(seed: UInt64) {
        var random = Seeded(seed: seed)
        var now = Duration.zero
        var size: Int64 = 0
        var tick: Int64 = 1
        var isOpen = true
        var lastWrite = Duration.zero
        var machine = Readiness(status(size: 0, modified: tick, changed: tick), age: .zero, now: now)
        machine.note(.created, status(size: 0, modified: tick, changed: tick), now: now)
        func current() -> FileStatus { status(size: size, modified: tick, changed: tick) }
        for _ in 0..<60 {
            now += .milliseconds(Int(random.next() % 700))
            if machine.settled(by: rules) <= now {
                let least = isOpen ? rules.openFile : rules.quiet
                #expect(now - lastWrite >= least, "seed \(seed): taken too early, open: \(isOpen)")
            }
            switch random.next() % 4 {
            case 0, 1:
                // Written to, after it was opened again for `>>` where it was closed.
                isOpen = true
                size += 10
                tick += 1
                lastWrite = now
                machine.note(.modified, current(), now: now)
            case 2 where isOpen:
                isOpen = false
                lastWrite = now
                machine.note(.closed, current(), now: now)
            default: machine.look(current(), now: now)
            }
        }
        #expect(machine.settled(by: rules) <= now + (isOpen ? rules.openFile : rules.quiet), "seed \(seed): it ends")
    }

    @Test(arguments: UInt64(0)..<100)
    func `by looks alone a file is never taken before it was unchanged for the settle time`(seed: UInt64) {
        var random = Seeded(seed: seed)
        var now = Duration.zero
        var tick: Int64 = 1
        var changedAt = Duration.zero
        var machine = Readiness(status(modified: tick, changed: tick), age: .zero, now: now)
        for _ in 0..<60 {
            now += .milliseconds(Int(random.next() % 1500))
            machine.look(status(modified: tick, changed: tick), now: now)
            if machine.settled(by: rules) <= now { #expect(now - changedAt >= rules.settle, "seed \(seed)") }
            if random.next() % 3 == 0 {
                tick += 1
                changedAt = now
                machine.look(status(modified: tick, changed: tick), now: now)
            }
        }
        #expect(machine.settled(by: rules) <= now + rules.settle)
    }
}

/// A generator whose numbers depend on its seed alone (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
