import Articles
import Glibc
import Hashing
import Linux
import TestSupport

/// Files that have others in them or beside them.
extension Producer {
    /// A container, mostly of a few members, now and then of more than are committed at a time.
    func dropContainer(_ site: Int, _ number: Int) throws {
        let isLong = Int.random(in: 0..<40, using: &random) == 0
        let count = isLong ? Int.random(in: 1001...2200, using: &random) : Int.random(in: 1...6, using: &random)
        try Producer.dropContainer(
            of: count, site: site, number: number, workplace: workplace, register: register, random: &random)
    }

    /// Renames a container of `count` articles in, a third of them with bad members among them.
    static func dropContainer(
        of count: Int, site: Int, number: Int, workplace: Workplace, register: Register,
        random: inout SeededGenerator
    ) throws {
        let kind = Container.allCases.randomElement(using: &random)!
        let numbers = (0..<count).map { _ in register.takeNumber() }
        let bad = Int.random(in: 0..<3, using: &random) > 0 ? [] : [register.takeNumber(), register.takeNumber()]
        let content = Content.container(kind, numbers, bad: bad)
        register.announce(content)
        let staged = workplace.staging + Array("/\(number)".utf8)
        try Hand.write(content.bytes, to: staged)
        let place = Place(site: site, path: Array("\(number)\(kind.ending)".utf8))
        try Hand.rename(staged, to: workplace.path(place))
        register.add(Drop(way: .container, place: place, digest: content.digest))
    }

    /// A checksum, then the file, written slowly: it is complete when it has that.
    func dropSummed(_ site: Int, _ number: Int) throws {
        let isRight = Int.random(in: 0..<5, using: &random) > 0
        let content = isRight ? Content.article(number) : Content.article(number).withWrongChecksum
        register.announce(content)
        let place = Place(site: site, path: Array("\(number)-summed.txt".utf8))
        let path = workplace.path(place)
        let digest = isRight ? content.digest : SHA256.hash([0])
        let line = "\(digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())  \(number)-summed.txt\n"
        var pace = Pace()
        try bring(Array(line.utf8), to: path + Array(".sha256".utf8))
        var drop = Drop(way: .summed, place: place, digest: content.digest)
        drop.isDoubtful = try writeSlowly(content, path, pieces: Int.random(in: 2...6, using: &random))
        register.add(judged(drop, &pace))
    }

    /// Metadata, then the file.
    func dropDescribed(_ site: Int, _ number: Int) throws {
        let section = "Section \(number)"
        let content = Content.article(number).described(section: section)
        register.announce(content)
        let place = Place(site: site, path: Array("\(number)-described.txt".utf8))
        let path = workplace.path(place)
        var pace = Pace()
        try bring(Array("{\"section\": \"\(section)\"}".utf8), to: path + Array(".meta.json".utf8))
        try Hand.rename(stage(content, number), to: path)
        register.add(judged(Drop(way: .described, place: place, digest: content.digest), &pace))
    }

    /// Metadata with the end of an embargo, then the file: some are due while the faults go on, some only when the clock is
    /// set forward by days.
    func dropEmbargoed(_ site: Int, _ number: Int) throws {
        let content = Content.article(number)
        register.announce(content)
        let place = Place(site: site, path: Array("\(number)-embargoed.txt".utf8))
        let path = workplace.path(place)
        let seconds = Bool.random(using: &random) ? Int64.random(in: 1...10, using: &random) : 2 * 86_400
        let until = Timestamp(milliseconds: Clocks.wallMilliseconds() + seconds * 1000)
        var pace = Pace()
        try bring(Array("{\"embargoed_until\": \"\(until)\"}".utf8), to: path + Array(".meta.json".utf8))
        try Hand.rename(stage(content, number), to: path)
        register.add(judged(Drop(way: .embargoed, place: place, digest: content.digest), &pace))
    }

    /// Returns a drop, doubtful where its file came so long after its companion that this had no file by then: a full disk
    /// or a busy machine holds producers up, too.
    private func judged(_ drop: Drop, _ pace: inout Pace) -> Drop {
        var drop = drop
        pace.step()
        drop.isDoubtful = drop.isDoubtful || isDoubtful(pace, DropSite.Waits.companionLimit)
        if drop.isDoubtful { noteDoubt(&drop) }
        return drop
    }

    /// The file, with pauses that are longer than any wait, then the marker that says that it is complete.
    func dropMarked(_ content: Content, _ drop: Drop, _ path: [UInt8]) throws {
        let marked = path + Array(".done".utf8)
        guard marked.split(separator: UInt8(ascii: "/")).last!.count <= Int(NAME_MAX) else { return }
        let file = try WrittenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
        let half = content.bytes.count / 2
        try file.write(content.bytes[..<half])
        if Bool.random(using: &random) { Pace.sleep(.milliseconds(Int.random(in: 0...2500, using: &random))) }
        try file.write(content.bytes[half...])
        file.close()
        try Hand.write([], to: marked)
        register.add(drop)
    }

    /// Renames small content in.
    private func bring(_ bytes: [UInt8], to path: [UInt8]) throws {
        let staged = workplace.staging + Array("/beside-\(register.takeNumber())".utf8)
        try Hand.write(bytes, to: staged)
        try Hand.rename(staged, to: path)
    }
}
