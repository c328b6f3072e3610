import Glibc
import Hashing
import Linux
import Synchronization
import TestSupport

/// Drops files on a thread of its own, in ways that its seed chooses.
final class Producer {
    let workplace: Workplace
    let register: Register
    var random: SeededGenerator
    /// Ways in an order of chance, each once before any comes again.
    private var ways: [Way] = []
    private let isOver: @Sendable () -> Bool

    init(workplace: Workplace, register: Register, seed: UInt64, isOver: @escaping @Sendable () -> Bool) {
        self.workplace = workplace
        self.register = register
        self.isOver = isOver
        random = SeededGenerator(seed: seed)
    }

    /// Drops files until it is told that it is over.
    func run() throws {
        while !isOver() {
            if ways.isEmpty { ways = Way.allCases.shuffled(using: &random) }
            let way = ways.removeLast()
            let sites = DropSite.all.indices.filter { way.fits(DropSite.all[$0]) }
            let site = sites.randomElement(using: &random)!
            // While the directory is away, nobody can drop anything there.
            try workplace.gates[site].withMany { try drop(way, site) }
            Pace.sleep(.milliseconds(Int.random(in: 0...25, using: &random)))
        }
    }

    // MARK: The ways

    private func drop(_ way: Way, _ site: Int) throws {
        let number = register.takeNumber()
        let content = Content.article(number)
        register.announce(content)
        // Those that change hands are told by their names, for faults that are about them alone.
        let isSwapped = way == .replaced || way == .rewritten
        let place = Place(site: site, path: isSwapped ? Array("swap-\(number).txt".utf8) : name(number))
        let path = workplace.path(place)
        var drop = Drop(way: way, place: place, digest: content.digest)
        switch way {
        case .renamedBeside:
            let hidden = workplace.path(Place(site: site, path: Array(".\(number).tmp".utf8)))
            try Hand.write(content.bytes, to: hidden)
            try Hand.rename(hidden, to: path)
        case .renamedIn: try Hand.rename(stage(content, number), to: path)
        case .restored:
            let staged = try stage(content, number)
            try Hand.setTimes(staged, secondsAgo: 86_400 * Int.random(in: 1...3000, using: &random))
            try Hand.rename(staged, to: path)
        case .writtenAtOnce: drop.isDoubtful = try writeSlowly(content, path, pieces: 1)
        case .writtenSlowly:
            drop.isDoubtful = try writeSlowly(content, path, pieces: Int.random(in: 2...8, using: &random))
        case .appended: drop.isDoubtful = try append(content, path)
        case .linked:
            let staged = try stage(content, number)
            try Hand.link(staged, to: path)
            if Bool.random(using: &random) { pauseShortly() }
            if Int.random(in: 0..<3, using: &random) > 0 { try Hand.remove(staged) }
        case .copiedOld:
            var pace = Pace()
            try Hand.write(content.bytes, to: path)
            pace.step()
            // Where it was read before it got its times, it is read again, as the duplicate that it is.
            try Hand.setTimes(path, secondsAgo: 86_400)
            pace.step()
            drop.isDoubtful = isDoubtful(pace, DropSite.Waits.quietLimit)
        case .tree: return try moveTree(number, site)
        case .replaced, .rewritten: return try replace(drop, content, path)
        case .renamedWithin: return try renameWithin(drop, content, path)
        case .again: return try dropAgain(site, number)
        case .touched: return try touch(site)
        case .bad: return try dropBad(site, number)
        case .container: return try dropContainer(site, number)
        case .summed: return try dropSummed(site, number)
        case .described: return try dropDescribed(site, number)
        case .embargoed: return try dropEmbargoed(site, number)
        case .marked: return try dropMarked(content, drop, path)
        }
        if drop.isDoubtful { noteDoubt(&drop) }
        register.add(drop)
    }

    private func moveTree(_ number: Int, _ site: Int) throws {
        let tree = workplace.staging + Array("/tree-\(number)".utf8)
        try Hand.makeDirectory(tree)
        try Hand.makeDirectory(tree + Array("/below".utf8))
        var drops: [Drop] = []
        for part in 0..<Int.random(in: 1...5, using: &random) {
            let content = Content.article(register.takeNumber())
            register.announce(content)
            let below = Array("\(part % 2 == 0 ? "below/" : "")\(part).txt".utf8)
            try Hand.write(content.bytes, to: tree + [UInt8(ascii: "/")] + below)
            let place = Place(site: site, path: Array("tree-\(number)/".utf8) + below)
            drops.append(Drop(way: .tree, place: place, digest: content.digest))
        }
        try Hand.rename(tree, to: workplace.path(Place(site: site, path: Array("tree-\(number)".utf8))))
        for drop in drops { register.add(drop) }
    }

    private func replace(_ first: Drop, _ content: Content, _ path: [UInt8]) throws {
        let second = Content.article(register.takeNumber())
        register.announce(second)
        try Hand.rename(stage(content, register.takeNumber()), to: path)
        var first = first
        first.records = 0...1
        first.mayBeGone = true
        register.add(first)
        Pace.sleep(.milliseconds(Int.random(in: 0...600, using: &random)))
        var drop = Drop(way: first.way, place: first.place, digest: second.digest)
        if first.way == .replaced {
            try Hand.rename(stage(second, register.takeNumber()), to: path)
        } else {
            drop.isDoubtful = try writeSlowly(second, path, pieces: 1)
            if drop.isDoubtful { noteDoubt(&drop) }
        }
        register.add(drop)
    }

    private func renameWithin(_ first: Drop, _ content: Content, _ path: [UInt8]) throws {
        try Hand.rename(stage(content, register.takeNumber()), to: path)
        Pace.sleep(.milliseconds(Int.random(in: 0...600, using: &random)))
        var first = first
        let other = Place(site: first.place.site, path: Array("\(register.takeNumber())-renamed.txt".utf8))
        var second = Drop(way: .renamedWithin, place: other, digest: content.digest)
        do {
            try Hand.rename(path, to: workplace.path(other))
            first.records = 0...1
            first.mayBeGone = true
            second.records = 0...1
            second.mayBeGone = true
            first.group = register.takeGroup()
            second.group = first.group
            register.add(second)
        } catch let error as SystemError where error.code == ENOENT {
            // It was taken before.
        }
        register.add(first)
    }

    private func dropAgain(_ site: Int, _ number: Int) throws {
        guard let earlier = register.earlier(site, &random),
            let first = register.expectations[earlier.digest]?.articles.first
        else { return }
        let content = Content.article(first)
        let staged = try stage(content, number)
        var place = earlier.place
        let isElsewhere = Bool.random(using: &random)
        if try isElsewhere || !Hand.renameIfFree(staged, to: workplace.path(place)) {
            place = Place(site: site, path: name(number))
            try Hand.rename(staged, to: workplace.path(place))
        }
        register.add(Drop(way: .again, place: place, digest: content.digest))
    }

    private func touch(_ site: Int) throws {
        guard let earlier = register.earlier(site, &random) else { return }
        guard try Hand.setTimes(workplace.path(earlier.place), secondsAgo: nil) else { return }
        // Touched before it was read, it is read once.
        register.add(Drop(way: .touched, place: earlier.place, digest: earlier.digest, records: 0...1))
    }

    private func dropBad(_ site: Int, _ number: Int) throws {
        let fault = Content.Fault.allCases.randomElement(using: &random)!
        // Large ones are dear.
        guard fault != .tooLarge || Int.random(in: 0..<10, using: &random) == 0 else { return }
        let content = Content.bad(fault, number)
        register.announce(content)
        let place = Place(site: site, path: name(number))
        try Hand.rename(stage(content, number), to: workplace.path(place))
        register.add(Drop(way: .bad, place: place, digest: content.digest))
    }

    // MARK: Writing

    /// Writes a file outside and returns its path.
    func stage(_ content: Content, _ number: Int) throws -> [UInt8] {
        let path = workplace.staging + Array("/\(number)".utf8)
        try Hand.write(content.bytes, to: path)
        return path
    }

    /// Writes in place, open all the time; returns whether it was too slow.
    func writeSlowly(_ content: Content, _ path: [UInt8], pieces: Int) throws -> Bool {
        var pace = Pace()
        let file = try WrittenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
        let size = content.bytes.count / pieces + 1
        for start in stride(from: 0, to: content.bytes.count, by: size) {
            if start > 0 { pace.pause(.milliseconds(Int.random(in: 0...120, using: &random))) }
            try file.write(content.bytes[start..<min(start + size, content.bytes.count)])
            pace.step()
        }
        file.close()
        pace.step()
        return isDoubtful(pace, DropSite.Waits.settleLimit)
    }

    /// Appends piece by piece, open and close; returns whether it was too slow.
    private func append(_ content: Content, _ path: [UInt8]) throws -> Bool {
        var pace = Pace()
        let size = content.bytes.count / Int.random(in: 2...8, using: &random) + 1
        for start in stride(from: 0, to: content.bytes.count, by: size) {
            if start > 0 { pace.pause(.milliseconds(Int.random(in: 0...60, using: &random))) }
            let file = try WrittenFile(path, O_WRONLY | O_CREAT | O_APPEND)
            try file.write(content.bytes[start..<min(start + size, content.bytes.count)])
            file.close()
            pace.step()
        }
        return isDoubtful(pace, DropSite.Waits.quietLimit)
    }

    func isDoubtful(_ pace: Pace, _ limit: Duration) -> Bool {
        pace.longest > limit || register.wasClockSet(since: pace.start)
    }

    /// Any beginning of it may have been read, and more than once.
    func noteDoubt(_ drop: inout Drop) {
        drop.records = 0...1000
        drop.mayBeGone = true
    }

    private func pauseShortly() { Pace.sleep(.milliseconds(Int.random(in: 0...200, using: &random))) }

    // MARK: Names

    /// A name that no other file has: mostly plain, now and then as odd as a file system allows.
    private func name(_ number: Int) -> [UInt8] {
        switch number % 20 {
        case 0: Array("\(number) mit Leerzeichen, Ümlaut und ’Zeichen’.txt".utf8)
        case 1: Array("\(number)-".utf8) + [0xff, 0xfe, 0x80] + Array(".txt".utf8)
        case 2:
            // As long as a name may be.
            Array("\(number)-".utf8) + Array(repeating: UInt8(ascii: "n"), count: 250 - "\(number)".utf8.count)
                + Array(".txt".utf8)
        default: Array("\(number).txt".utf8)
        }
    }
}
