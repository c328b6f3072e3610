import Articles
import Formats
import TestSupport
import Testing

@Suite struct ContainerTests {
    /// A small example of each kind.
    private static let whole = Fixture.all.filter {
        [
            "gzip/several-members-in-one", "gzip/filled-up-with-zeros", "gzip+gzip/twice", "zstd/several-frames",
            "bzip2/several-streams", "xz/several-streams", "lzma/one-file", "tar/v7",
            "tar+gzip/complete", "zip/deflated", "zip/streamed", "zip/streamed-and-stored", "zip/zip64", "zip/bzip2",
            "zip/lzma", "zip/no-members", "zip/symbolic-link", "zip+gzip/complete",
        ].contains($0.testDescription)
    }

    @Test(arguments: whole) func `a container that is cut anywhere says so, and what came before it is the same`(
        _ fixture: Fixture
    ) throws {
        let (name, bytes) = try fixture.input()
        func read(_ bytes: [UInt8]) throws -> Reading {
            try Reading(of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count)))
        }
        let complete = try read(bytes)
        // Of the zeros with which a tar is filled up, the first thousand will do.
        let zeros = bytes.reversed().prefix { $0 == 0 }.count
        for end in 1..<(bytes.count - max(0, zeros - 1030)) {
            let cut = try read(Array(bytes[..<end]))
            if cut.end == nil, cut.failed.isEmpty {
                // What is missing holds nothing: zeros at the end of a tar or gzip, or a whole part of several.
                let isPadding = bytes[end...].allSatisfy { $0 == 0 }
                #expect(isPadding || fixture.mayEnd(at: end, bytes), "cut at \(end): nothing was said")
            }
            for (part, expected) in zip(cut.articles, complete.articles) where cut.end != nil {
                #expect(part.title == expected.title, "cut at \(end)")
            }
        }
    }

    private static let containers = Fixture.all.filter { fixture in
        ["gzip", "zstd", "bzip2", "xz", "lzma", "tar", "zip"].contains { fixture.format.hasPrefix($0) }
    }

    @Test(arguments: containers, [7, 65_536]) func `parts have the same numbers at every reading, of any source`(
        _ fixture: Fixture, piece: Int
    ) throws {
        let (name, bytes) = try fixture.input()
        func read(_ reader: any PartReader) throws -> [String] {
            try Reading(of: reader).parts.map { "\($0.number) \($0.member ?? "-") \($0.content)" }
        }
        let context = FormatContext.sample(bytes: bytes.count)
        let held = try read(FileParser().open(bytes, name: Array(name.utf8), context))
        #expect(try read(FileParser().open(bytes, name: Array(name.utf8), context)) == held)
        // Only the directory of a zip tells that a member is a link.
        if fixture.name == "symbolic-link" { return }
        #expect(
            try read(FileParser().open(PieceSource(bytes, piece: piece), name: Array(name.utf8), context)) == held)
        #expect(held.enumerated().allSatisfy { $1.hasPrefix("\($0 + 1) ") })
    }

    @Test(arguments: containers) func `what the source throws is thrown as it is`(_ fixture: Fixture) throws {
        let (name, bytes) = try fixture.input()
        let ownEnd = try Reading(
            of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count))
        ).end
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 20)) {
            let source = PieceSource(bytes, piece: 1 + place / 7, failsAt: place)
            do {
                let reader = try FileParser().open(source, name: Array(name.utf8), .sample(bytes: bytes.count))
                while try reader.next() != nil {}
                // Nobody reads on behind what is damaged.
                #expect(ownEnd != nil, "at \(place)")
            } catch is PieceSource.Broken {
            } catch let error as ParseError {
                #expect(error == ownEnd, "at \(place)")
            }
        }
    }

    @Test func `a directory that opens no containers says so`() throws {
        var rules = ContainerRules()
        rules.opensContainers = false
        let parser = FileParser(rules: rules)
        var tar = SampleTar()
        tar.add("a.txt", "A headline\n")
        #expect(!parser.isReadInPieces(tar.ended, name: Array("a.tar".utf8)))
        let reading = try Reading(of: parser.open(tar.ended, name: Array("a.tar".utf8), .sample(bytes: 2048)))
        #expect(reading.end?.code == .unknownFormat)
        #expect(reading.end?.hint == "set containers = true for the drop directory and retry")
    }

    @Test func `what is junk is for the directory to say`() throws {
        var tar = SampleTar()
        for name in ["a.txt", ".b.txt", "Thumbs.db", "old/c.txt", "__MACOSX/d.txt", "._e.txt"] {
            tar.add(name, "A headline\n")
        }
        func members(_ isJunk: @escaping @Sendable (ArraySlice<UInt8>) -> Bool) throws -> [String?] {
            var rules = ContainerRules()
            rules.isJunk = isJunk
            return try Reading(
                of: FileParser(rules: rules).open(tar.ended, name: Array("a.tar".utf8), .sample(bytes: 8192))
            ).parts.map(\.member)
        }
        #expect(try members { $0.elementsEqual("old".utf8) } == ["a.txt", ".b.txt", "Thumbs.db"])
        #expect(try members { $0.elementsEqual("Thumbs.db".utf8) } == ["a.txt", ".b.txt", "old/c.txt"])
    }

    @Test(arguments: [
        ("a.txt.gz", "a.txt"), ("A.TXT.GZ", "A.TXT"), ("a.tgz", "a.tar"), ("a", "a"), (".gz", ".gz"), ("a.b", "a.b"),
    ]) func `the member of a compressed file has its name without the ending`(name: String, member: String) throws {
        let bytes = SampleGzip.compress(Array("A headline\n".utf8))
        let reading = try Reading(of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count)))
        #expect(reading.parts.map(\.member) == [member])
    }

    @Test(arguments: ["mimetype", "[Content_Types].xml", "META-INF/MANIFEST.MF"])
    func `a document that is packed as a zip is refused as a whole`(first: String) throws {
        var document = SampleZip()
        document.add(first, Array("application/vnd.oasis.opendocument.text".utf8))
        document.add("content.txt", Array("A headline\n".utf8))
        let alone = try Reading(
            of: FileParser().open(document.ended, name: Array("a.odt".utf8), .sample(bytes: document.ended.count)))
        #expect(alone.parts.isEmpty)
        #expect(alone.end?.code == .unknownFormat)
        #expect(alone.end?.hint == "export its text")
        var tar = SampleTar()
        tar.add(Array("a.odt".utf8), document.ended)
        tar.add("b.txt", "A headline\n")
        let within = try Reading(
            of: FileParser().open(tar.ended, name: Array("a.tar".utf8), .sample(bytes: tar.ended.count)))
        #expect(within.failed.map(\.member) == ["a.odt"])
        #expect(within.articles.map(\.ingest.member) == ["b.txt"])
        #expect(within.end == nil)
    }

    @Test(
        arguments: [
            ("7z archive", [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), ("rar archive", Array("Rar!\u{1a}\u{7}".utf8)),
            ("lz4 file", [4, 0x22, 0x4d, 0x18]), ("lzip file", Array("LZIP\u{1}".utf8)),
            ("file of compress(1)", [0x1f, 0x9d]), ("cabinet", Array("MSCF\0\0\0\0".utf8)),
            ("cpio archive", Array("070701\0".utf8)),
        ] as [(String, [UInt8])])
    func `a container that is not opened is named`(name: String, signature: [UInt8]) throws {
        let bytes = signature + [UInt8](repeating: 7, count: 600)
        let reading = try Reading(of: FileParser().open(bytes, name: Array("a.bin".utf8), .sample(bytes: bytes.count)))
        #expect(reading.end?.code == .unknownFormat)
        #expect(reading.end?.message == "it is a \(name), which is not opened")
    }

    @Test(arguments: ["Problem solved", "BZh is a station", "(c) 2025", "]", "PK", "\u{1f}", "ustar", "%PDF"])
    func `a text that begins like a container is none`(text: String) {
        let parser = FileParser()
        #expect(!parser.isReadInPieces(Array(text.utf8), name: Array("a.txt".utf8)))
        let long = Array((text + String(repeating: " ustar 0000644", count: 1000)).utf8)
        #expect(!parser.isReadInPieces(long, name: Array("a.txt".utf8)))
    }
}

extension Fixture {
    /// Whether the file would be complete if it ended here: it is several of its kind, one behind the other.
    fileprivate func mayEnd(at end: Int, _ bytes: [UInt8]) -> Bool {
        let signatures: [String: [UInt8]] = [
            "gzip": [0x1f, 0x8b, 8], "zstd": [0x28, 0xb5, 0x2f, 0xfd], "bzip2": Array("BZh".utf8),
            "xz": [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0],
        ]
        guard let signature = signatures[format] else { return false }
        return bytes[end...].starts(with: signature) || bytes[end...].starts(with: [0x50, 0x2a, 0x4d, 0x18])
    }
}
