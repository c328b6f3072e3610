import Archives
import FormatPromises
import FoundationEssentials
import Testing

/// What the fuzzer found worth keeping, read again: each input reaches code that the others do not, or broke a promise once.
@Suite struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fuzzing/Corpora")

    /// A promise that is broken ends the tests, with its words; a format that hangs does not end them.
    @Test(arguments: FormatGroup.allCases)
    func `what the fuzzer found breaks no promise`(_ group: FormatGroup) throws {
        let archive = Array(try Data(contentsOf: Self.folder.appending(path: "\(group.rawValue).tar.xz")))
        let reader = try ArchiveReader(.tar, Decompressor(.xz, PieceSource(archive, piece: 1 << 20)))
        var count = 0
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            var bytes: [UInt8] = []
            while case let piece = try reader.read(upTo: 1 << 20), !piece.isEmpty { bytes += piece }
            group.check(bytes)
            count += 1
        }
        #expect(count >= 20)
    }
}
