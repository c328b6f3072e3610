import Articles
import Formats
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
