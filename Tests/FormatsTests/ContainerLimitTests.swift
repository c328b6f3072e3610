import Articles
import Formats
import TestSupport
import Testing

/// What a container that means harm may cost: the numbers are counted, not timed.
@Suite struct ContainerLimitTests {
    private static let text = "A headline\n\nAnd a text.\n"
    private static let zeros = [UInt8](repeating: 0, count: 1 << 20)

    private func read(
        _ bytes: [UInt8], _ name: String, limit: Int = 65_536, size: Int? = nil,
        _ change: (inout ContainerRules) -> Void = { _ in }
    ) throws -> Reading {
        var rules = ContainerRules()
        change(&rules)
        return try Reading(
            of: FileParser(rules: rules).open(
                bytes, name: Array(name.utf8), .sample(bytes: size ?? bytes.count, limit: limit)))
    }

    private func tar(_ members: [(String, String)]) -> [UInt8] {
        var tar = SampleTar()
        for (name, content) in members { tar.add(name, content) }
        return tar.ended
    }

    private func zip(_ members: [(String, [UInt8])]) -> [UInt8] {
        var zip = SampleZip()
        for (name, content) in members { zip.add(name, content) }
        return zip.ended
    }

    // MARK: Limits at n and n + 1

    @Test func `as many members as the limit are read, and one more ends the reading`() throws {
        let bytes = tar((1...3).map { ("\($0).txt", Self.text) })
        #expect(try read(bytes, "a.tar") { $0.maximumMembers = 3 }.end == nil)
        let reading = try read(bytes, "a.tar") { $0.maximumMembers = 2 }
        #expect(reading.articles.count == 2)
        #expect(reading.end?.code == .expandsTooFar)
        #expect(reading.end?.message == "the file has more than 2 members (max_members)")
    }

    @Test func `members that are passed over count, and so do those of containers in it`() throws {
        var tar = SampleTar()
        for number in 1...10 { tar.add("d\(number)/", "", type: "5") }
        tar.add(Array("in.zip".utf8), zip([("a.txt", Array(Self.text.utf8))]))
        #expect(try read(tar.ended, "a.tar") { $0.maximumMembers = 12 }.end == nil)
        #expect(try read(tar.ended, "a.tar") { $0.maximumMembers = 11 }.end?.code == .expandsTooFar)
        #expect(try read(tar.ended, "a.tar") { $0.maximumMembers = 9 }.end?.code == .expandsTooFar)
    }

    @Test func `a file may expand to as many bytes as the limit, and not to one more`() throws {
        let text = Array(("A headline\n\n" + String(repeating: "Text. ", count: 1000)).utf8)
        let bytes = zip([("a.txt", text), ("b.txt", text)])
        #expect(try read(bytes, "a.zip") { $0.maximumExpandedBytes = 2 * text.count }.end == nil)
        let reading = try read(bytes, "a.zip") { $0.maximumExpandedBytes = 2 * text.count - 1 }
        #expect(reading.articles.count == 1)
        #expect(reading.end?.code == .expandsTooFar)
        #expect(reading.end?.message.hasSuffix("bytes (max_expanded_bytes)") == true)
    }

    @Test func `a small text that compresses well is no bomb`() throws {
        let text = Array("A headline\n\n".utf8) + [UInt8](repeating: 0x61, count: (1 << 20) - 12)
        let bytes = SampleGzip.compress(text)
        #expect(bytes.count * 500 < text.count)
        #expect(try read(bytes, "a.gz", limit: 2 << 20) { $0.maximumExpansion = 1 }.articles.count == 1)
        let twice = SampleGzip.compress(text + text)
        let reading = try read(twice, "a.gz", limit: 4 << 20) { $0.maximumExpansion = 1 }
        #expect(reading.end?.message == "the file expands to more than 1 times its size (max_expansion)")
        #expect(try read(twice, "a.gz", limit: 4 << 20) { $0.maximumExpansion = 1000 }.articles.count == 1)
    }

    @Test func `containers lie as deep as the limit, and what lies deeper is a bad member`() throws {
        var bytes = Array(Self.text.utf8)
        for depth in 1...5 {
            bytes = zip([("\(depth)", bytes), ("b\(depth).txt", Array(Self.text.utf8))])
        }
        #expect(try read(bytes, "a.zip") { $0.maximumNesting = 5 }.articles.count == 6)
        let reading = try read(bytes, "a.zip") { $0.maximumNesting = 4 }
        #expect(reading.articles.map(\.ingest.member) == ["5/4/3/b2.txt", "5/4/b3.txt", "5/b4.txt", "b5.txt"])
        #expect(reading.failed.map(\.member) == ["5/4/3/2"])
        #expect(reading.failed.map(\.error.code) == [.expandsTooFar])
        #expect(reading.end == nil)
    }

    @Test func `a compressed tar is one container, and compression in compression is two`() throws {
        let compressedTar = SampleGzip.compress(tar([("a.txt", Self.text)]))
        #expect(try read(compressedTar, "a.tgz") { $0.maximumNesting = 1 }.articles.count == 1)
        let twice = SampleGzip.compress(SampleGzip.compress(Array(Self.text.utf8)))
        #expect(try read(twice, "a.gz.gz") { $0.maximumNesting = 2 }.articles.count == 1)
        #expect(try read(twice, "a.gz.gz") { $0.maximumNesting = 1 }.failed.map(\.error.code) == [.expandsTooFar])
    }

    // MARK: Bombs

    @Test func `a nest of zips is left where it is too deep or too large`() throws {
        // Like 42.zip: six levels of sixteen, which would be sixteen million times a megabyte.
        var bytes = zip([("0", Self.zeros)])
        for level in 1...5 { bytes = zip((0..<16).map { ("\(level)-\($0)", bytes) }) }
        #expect(bytes.count < 50_000)
        let deep = try read(bytes, "42.zip") { $0.maximumExpansion = 1000 }
        #expect((1000...4096).contains(deep.parts.count))
        #expect(deep.failed.allSatisfy { $0.error.code == .expandsTooFar })
        let large = try read(bytes, "42.zip") { $0.maximumNesting = 10 }
        #expect(large.end?.code == .expandsTooFar)
        #expect(large.parts.count < 1000)
    }

    @Test(arguments: [0, 1 << 20]) func `entries that lie one in the other are given up`(kernel: Int) throws {
        let bytes = SampleZip.overlapping(entries: 500, kernel: [UInt8](repeating: 0, count: kernel))
        #expect(bytes.count < 100_000)
        let reading = try read(bytes, "a.zip", limit: 100_000)
        #expect(reading.end?.message == "its entries lie one in the other")
        #expect(reading.parts.count < 100)
        // Without a directory the first entry is all that there is.
        let streamed = try Reading(
            of: FileParser().open(PieceSource(bytes), name: Array("a.zip".utf8), .sample(bytes: bytes.count)))
        #expect(streamed.parts.count == 1)
        #expect(streamed.end?.message == "it counts 500 entries and has 1")
    }

    @Test func `compressed zeros without an end are read as far as an article may be long`() throws {
        let source = EndlessSource(SampleGzip.compress(Self.zeros))
        let reading = try Reading(
            of: FileParser().open(source, name: Array("a.txt.gz".utf8), .sample(bytes: 1 << 30)))
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(source.given < 1 << 20)
    }

    @Test func `a member without an end ends the reading at the limit`() throws {
        var tar = SampleTar()
        tar.add("a.txt", Self.text)
        tar.add(Array("zeros.txt".utf8), size: 0o77777777777)
        let source = EndlessSource(SampleGzip.compress(Self.zeros), after: SampleGzip.compress(tar.bytes))
        let reading = try Reading(
            of: FileParser().open(source, name: Array("a.tar.gz".utf8), .sample(bytes: 50_000)))
        #expect(reading.articles.count == 1)
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.end?.code == .expandsTooFar)
    }

    @Test(arguments: [0o77777777777, 1 << 30, 70_000])
    func `a member that is longer than the rest is damage`(size: Int) throws {
        var tar = SampleTar()
        tar.add(Array("a.txt".utf8), Array(Self.text.utf8), size: size)
        let reading = try read(tar.ended, "a.tar")
        #expect(reading.parts.isEmpty)
        #expect(reading.end?.code == .damagedContainer)
        #expect(reading.end?.looksTruncated == true)
    }

    @Test func `bad members without number are listed one by one, held one by one`() throws {
        var tar = SampleTar()
        for number in 0..<20_000 { tar.add("\(number)", "") }
        let reader = FileParser().open(
            SampleGzip.compress(tar.ended), name: Array("a.tgz".utf8), .sample(bytes: 1 << 20))
        for number in 1...20_000 {
            let part = try #require(try reader.next())
            #expect(part.number == number)
        }
        #expect(try reader.next() == nil)
    }
}

/// A source that repeats itself for ever.
private final class EndlessSource: ByteSource {
    private let bytes: [UInt8]
    private var start: [UInt8]
    private(set) var given = 0

    init(_ bytes: [UInt8], after start: [UInt8] = []) {
        self.bytes = bytes
        self.start = start
    }

    func read(upTo count: Int) -> [UInt8] {
        var next = start
        start = []
        while next.count < count { next += bytes }
        start = Array(next[count...])
        given += count
        return Array(next[..<count])
    }
}
