import Archives
import Glibc
import TestSupport
import Testing

@Suite struct ArchiveReaderTests {
    private static let text = Array("A headline\n\nAnd a text.\n".utf8)

    private static func tar() -> [UInt8] {
        var tar = SampleTar()
        tar.add("a.txt", "A headline\n\nAnd a text.\n")
        tar.add("b/c.txt", String(repeating: "Text. ", count: 1000))
        return tar.ended
    }

    private static func zip() -> [UInt8] {
        var zip = SampleZip()
        zip.add("a.txt", text)
        zip.add("b/c.txt", Array(String(repeating: "Text. ", count: 1000).utf8))
        return zip.ended
    }

    private static func sample(_ format: ArchiveReader.Format) -> [UInt8] { format == .tar ? tar() : zip() }

    @Test(arguments: ArchiveReader.Format.allCases, [1, 3, 512, 65_536])
    func `entries come whole, in whatever pieces the input does`(format: ArchiveReader.Format, piece: Int) throws {
        for input in [
            PieceInput(Self.sample(format), piece: piece), SeekableInput(Self.sample(format), piece: piece),
        ] {
            let entries = try ArchiveReader(format, input).readAll()
            #expect(entries.map(\.entry.path) == [Array("a.txt".utf8), Array("b/c.txt".utf8)])
            #expect(entries.map(\.entry.size) == [Self.text.count, 6000])
            #expect(entries[0].content == Self.text)
            #expect(entries[1].content.count == 6000)
        }
    }

    @Test(arguments: ArchiveReader.Format.allCases)
    func `what the input throws is thrown as it is, at any place`(format: ArchiveReader.Format) throws {
        let bytes = Self.sample(format)
        for place in stride(from: 0, to: bytes.count, by: 61) {
            #expect(throws: PieceInput.Broken.self, "at \(place)") {
                _ = try ArchiveReader(format, PieceInput(bytes, piece: 61, failsAt: place)).readAll()
            }
        }
    }

    @Test(arguments: ArchiveReader.Format.allCases)
    func `an entry that is not wanted is passed over`(format: ArchiveReader.Format) throws {
        let reader = try ArchiveReader(format, PieceInput(Self.sample(format)))
        #expect(try reader.next()?.path == Array("a.txt".utf8))
        #expect(try reader.read(upTo: 5) == Array("A hea".utf8))
        #expect(try reader.next()?.path == Array("b/c.txt".utf8))
        #expect(try reader.next() == nil)
        #expect(try reader.next() == nil)
        #expect(try reader.read(upTo: 5).isEmpty)
    }

    @Test(arguments: ["Ünïcödé/日本.txt", "Ελληνικά.txt"]) func `a name of another script is given as it is`(name: String)
        throws
    {
        var tar = SampleTar()
        tar.add(name, "x")
        tar.add("short", "x", pax: [("path", Array(name.utf8))])
        let entries = try ArchiveReader(.tar, PieceInput(tar.ended)).readAll()
        // No locale was set in this process: it is "C", in which libarchive would replace letters.
        #expect(setlocale(LC_ALL, nil).map { String(cString: $0) } == "C")
        #expect(entries.map(\.entry.path) == [Array(name.utf8), Array(name.utf8)])
    }

    @Test func `a name that is not UTF-8 is given as its bytes`() throws {
        var tar = SampleTar()
        tar.add([0xe4, 0xf6, 0x2f, 0xff], [1])
        #expect(try ArchiveReader(.tar, PieceInput(tar.ended)).next()?.path == [0xe4, 0xf6, 0x2f, 0xff])
    }

    // By itself: it is the process that would end.
    @Test func `a name that ends within a letter is given as its bytes, whatever had failed before`() async {
        await #expect(processExitsWith: .success) {
            let name = Array("abc".utf8) + [0xcb]
            var zip = SampleZip()
            zip.add(name, [1])
            var tar = SampleTar()
            tar.add(name, [1])
            let readers = try [
                ArchiveReader(.zip, PieceInput(zip.ended)), ArchiveReader(.zip, SeekableInput(zip.ended)),
                ArchiveReader(.tar, PieceInput(tar.ended)),
            ]
            for reader in readers {
                // As an allocation leaves it that was too large.
                errno = ENOMEM
                #expect(try reader.next()?.path == name)
            }
        }
    }

    @Test(
        arguments: [
            ("0", .file), ("1", .hardLink), ("2", .symbolicLink), ("3", .characterDevice), ("4", .blockDevice),
            ("5", .directory), ("6", .pipe), ("7", .file),
        ] as [(Character, ArchiveEntry.Kind)])
    func `kinds of entries are told apart`(type: Character, kind: ArchiveEntry.Kind) throws {
        var tar = SampleTar()
        tar.add(Array("name".utf8), type: type.asciiValue!, linkName: "other")
        #expect(try ArchiveReader(.tar, PieceInput(tar.ended)).next()?.kind == kind)
    }

    @Test func `a header without an end is not read to its end`() throws {
        // A map of holes as GNU tar writes it, of which libarchive holds each piece in memory.
        var tar = SampleTar()
        tar.add(
            "x", "9999999\n" + String(repeating: "0\n0\n", count: 3 << 20),
            pax: [
                ("GNU.sparse.major", [0x31]), ("GNU.sparse.minor", [0x30]), ("GNU.sparse.name", [0x78]),
                ("GNU.sparse.realsize", Array("1000".utf8)),
            ])
        let input = PieceInput(tar.ended, piece: 65_536)
        let error = #expect(throws: ArchiveError.self) { _ = try ArchiveReader(.tar, input).readAll() }
        #expect(error?.message == "a header has no end")
        #expect(input.place < 5 << 20)
    }

    @Test func `a damaged entry of a zip is told, and the next one is good`() throws {
        var zip = SampleZip()
        zip.add("a.txt", Self.text)
        zip.add("b.txt", Self.text)
        var bytes = zip.ended
        // The checksum in the first header.
        bytes[14] ^= 1
        let reader = try ArchiveReader(.zip, SeekableInput(bytes))
        #expect(try reader.next()?.path == Array("a.txt".utf8))
        let error = #expect(throws: ArchiveError.self) { while try !reader.read(upTo: 1000).isEmpty {} }
        #expect(error?.extent == .entry)
        #expect(!reader.isDead)
        #expect(try reader.next()?.path == Array("b.txt".utf8))
        #expect(try reader.read(upTo: 1000) == Self.text)
        #expect(try reader.next() == nil)
    }

    @Test func `a zip that counts more entries than it has is damaged`() throws {
        var zip = SampleZip()
        zip.add("a.txt", Self.text)
        zip.entries.append(zip.entries[0])
        let error = #expect(throws: ArchiveError.self) {
            _ = try ArchiveReader(.zip, SeekableInput(zip.ended)).readAll()
        }
        #expect(error?.message == "it counts 2 entries and has 1")
        #expect(error?.isTruncated == false)
    }

    @Test(arguments: [[], Array("garbage".utf8), [UInt8](repeating: 0, count: 100)])
    func `bytes behind the end of a zip do no harm`(more: [UInt8]) throws {
        #expect(try ArchiveReader(.zip, SeekableInput(Self.zip() + more)).readAll().count == 2)
        #expect(try ArchiveReader(.zip, PieceInput(Self.zip() + more)).readAll().count == 2)
    }
}
