import Articles
import Formats
import Glibc
import TestSupport
import Testing

/// What every format keeps, whatever bytes it is given; the golden cases of all formats are what it is tried on.
@Suite struct FormatContractTests {
    /// The smallest case of each format that gives something: it is cut at every byte, or at many. The others are cut at some.
    private static let smallest: Set<String> = {
        var smallest: [String: (case: String, size: Int)] = [:]
        for fixture in Fixture.all where !fixture.name.hasPrefix("error-") && !fixture.name.hasPrefix("hostile-") {
            guard let size = try? fixture.input().bytes.count, size > 0 else { continue }
            if size < smallest[fixture.format]?.size ?? .max { smallest[fixture.format] = (fixture.name, size) }
        }
        return Set(smallest.map { "\($0)/\($1.case)" })
    }()

    /// How often each case is damaged; in the long form, `DROPWIRE_FORMAT_ROUNDS`, it is also cut at every byte where it is
    /// the smallest of its format, else at some.
    private static let longRounds = getenv("DROPWIRE_FORMAT_ROUNDS").flatMap { Int(String(cString: $0)) }

    @Test(arguments: Fixture.all) func `what is cut at any byte ends in articles or in a reason`(_ fixture: Fixture)
        throws
    {
        let (name, bytes) = try fixture.input()
        let isSmallest = FormatContractTests.smallest.contains(fixture.testDescription)
        let isCutEverywhere = isSmallest && bytes.count <= (FormatContractTests.longRounds == nil ? 256 : 8192)
        let step = isCutEverywhere ? 1 : max(1, bytes.count / (isSmallest ? 200 : 20))
        for count in stride(from: 0, to: bytes.count, by: step) {
            let reading = try read(Array(bytes.prefix(count)), name: name)
            let fault = FormatContract.fault(in: reading)
            #expect(fault == nil, "cut behind byte \(count)")
            if fault != nil { return }
        }
    }

    @Test(arguments: Fixture.all) func `what is damaged ends in articles or in a reason`(_ fixture: Fixture) throws {
        let (name, bytes) = try fixture.input()
        var random = SeededGenerator(seed: UInt64(bytes.count))
        for round in 0..<(FormatContractTests.longRounds ?? 8) {
            let reading = try read(FormatContract.damaged(bytes, &random), name: name)
            let fault = FormatContract.fault(in: reading)
            #expect(fault == nil, "in round \(round)")
            if fault != nil { return }
        }
    }

    @Test(arguments: Fixture.all) func `a format that is asked for reads what is of another, or says why not`(
        _ fixture: Fixture
    ) throws {
        let (name, bytes) = try fixture.input()
        for format in FormatRegistry.standard.names {
            let parser = FileParser(formats: try #require(FormatRegistry.standard.only(format)))
            let reading = try Reading(of: parser.open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count)))
            #expect(FormatContract.fault(in: reading) == nil, "as \(format)")
        }
    }

    @Test(arguments: Fixture.all, [1, 7, 1000])
    func `a file that comes in pieces gives what it gives as a whole`(_ fixture: Fixture, _ piece: Int) throws {
        let (name, bytes) = try fixture.input()
        // Each byte is a call of its own: a few kilobytes are enough of that. And what a zip says of its members' kinds
        // stands at its end, which is not looked at where a file cannot be read from any place.
        guard piece > 1 || bytes.count <= 4096, fixture.testDescription != "zip/symbolic-link" else { return }
        let pieces = try Reading(
            of: FileParser().open(
                PieceSource(bytes, piece: piece), name: Array(name.utf8), .sample(bytes: bytes.count)))
        #expect(try pieces.json() == read(bytes, name: name).json())
    }

    @Test(arguments: Fixture.all) func `a record is valid, and the same each time`(_ fixture: Fixture) throws {
        let (name, bytes) = try fixture.input()
        let reading = try read(bytes, name: name)
        #expect(FormatContract.fault(in: reading) == nil)
        let schema = try RecordSchema.ofRepository()
        for article in reading.articles { #expect(try schema.faults(article.encodeRecord()) == []) }
        #expect(try read(bytes, name: name).json() == reading.json())
    }

    @Test(arguments: FormatRegistry.standard.names) func `every format has golden cases that it is known by`(
        _ format: String
    ) throws {
        let cases = try Fixture.all.filter { fixture in
            let (name, bytes) = try fixture.input()
            let told = Explanations()
            var context = FormatContext.sample(bytes: bytes.count)
            context.explain = { told.add($0) }
            _ = try Reading(of: FileParser().open(bytes, name: Array(name.utf8), context))
            return told.all.contains { $0.subject == .format && $0.name == format }
        }
        #expect(cases.count >= 4)
        #expect(cases.contains { isOfDamage($0.name) })
    }

    /// A mailbox without a mail is one (RFC 4155), and has no news.
    @Test(arguments: FormatRegistry.standard.names.filter { $0 != "mbox" })
    func `a file without a byte is refused`(_ format: String) throws {
        let parser = FileParser(formats: try #require(FormatRegistry.standard.only(format)))
        let reading = try Reading(of: parser.open([], name: Array("a".utf8), .sample(bytes: 0)))
        #expect(reading.parts.isEmpty)
        #expect(reading.end?.code == .empty)
        #expect(reading.end?.format == format)
    }

    @Test(arguments: [[], [0x2f], [0xff, 0xfe], [0x00], Array(repeating: 0x2e, count: 300)] as [[UInt8]])
    func `no name stops a file from being read`(_ name: [UInt8]) throws {
        for fixture in Fixture.all where FormatContractTests.smallest.contains(fixture.testDescription) {
            let bytes = try fixture.input().bytes
            let reading = try Reading(of: FileParser().open(bytes, name: name, .sample(bytes: bytes.count)))
            #expect(FormatContract.fault(in: reading) == nil, "\(fixture)")
        }
    }

    private func isOfDamage(_ name: String) -> Bool {
        ["error-", "bad", "cut", "hostile", "damaged"].contains { name.contains($0) }
    }

    private func read(_ bytes: [UInt8], name: String) throws -> Reading {
        try Reading(of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count)))
    }
}
