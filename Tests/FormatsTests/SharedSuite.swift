import Archives
import FoundationEssentials

@testable import Formats

/// A collection of sample files that lies beside the checkout, where there is one. They are not ours to keep.
enum SharedSuite {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/data/formats")

    /// Whether it is there.
    static func isThere(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: "\(name).tar.xz").path)
    }

    /// The files of a collection by their paths.
    static func files(_ name: String) throws -> [(path: String, bytes: [UInt8])] {
        let archive = Array(try Data(contentsOf: root.appending(path: "\(name).tar.xz")))
        let reader = try ArchiveReader(.tar, Decompressor(.xz, PieceSource(archive, piece: 1 << 20)))
        var files: [(path: String, bytes: [UInt8])] = []
        while let entry = try reader.next() {
            guard entry.kind == .file else { continue }
            var bytes: [UInt8] = []
            while case let piece = try reader.read(upTo: 1 << 20), !piece.isEmpty { bytes += piece }
            files.append((String(decoding: entry.path, as: UTF8.self), bytes))
        }
        return files
    }
}
