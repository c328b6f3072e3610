import Articles
import Hashing
import Linux
import TestSupport
import Testing

@testable import Ingestion

/// A dropped file is found again wherever it went, and nothing else in its stead.
@Suite struct OriginalFileTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
        try bench.scratch.makeDirectory("drop/below")
    }

    /// What the log says of a file.
    private func described(_ path: String) throws -> OriginalFile.Description {
        let row = try #require(try bench.outcomes().last { $0.text("path") == path })
        return OriginalFile.Description(
            path: RelativePath(path), bytes: Int(try #require(row.json["bytes"]?.integerValue)),
            sha256: try #require(Hexadecimal.decode(row.text("sha256") ?? "")),
            received: try #require(Timestamp(row.text("received") ?? "")))
    }

    private func find(_ file: OriginalFile.Description) throws -> OriginalFile? {
        try OriginalFile.find(
            file, in: bench.directory.path, archive: bench.snapshot.directories[0].archivePath)
    }

    @Test(arguments: DropDirectoryConfiguration.After.allCases)
    func `it lies where it was left, or in the archive, or nowhere`(after: DropDirectoryConfiguration.After) throws {
        bench.directory.after = after
        try bench.start()
        try bench.dropByRename(Bench.article(1), "below/1.txt")
        try bench.settle()
        let found = try find(described("below/1.txt"))
        switch after {
        case .archive: #expect(found?.place == .archive)
        case .leave: #expect(found?.place == .drop)
        case .delete: #expect(found == nil)
        }
        if let found {
            #expect(found.content == Array(Bench.article(1).utf8))
            #expect(found.path.hasSuffix("/below/1.txt"))
        }
    }

    @Test func `a bad file is found in quarantine`() throws {
        try bench.start()
        try bench.dropByRename([0, 1, 2], "bad.txt")
        try bench.pass(.seconds(60))
        let found = try #require(try find(described("bad.txt")))
        #expect(found.place == .quarantine)
        #expect(found.content == [0, 1, 2])
    }

    @Test func `of several files of one name each is found by its content`() throws {
        try bench.start()
        var descriptions: [OriginalFile.Description] = []
        for number in 1...3 {
            try bench.dropByRename(Bench.article(number), "same.txt")
            try bench.settle()
            descriptions.append(try described("same.txt"))
        }
        for (number, description) in zip(1...3, descriptions) {
            #expect(try find(description)?.content == Array(Bench.article(number).utf8))
        }
        var other = descriptions[0]
        other.sha256[0] ^= 1
        #expect(try find(other) == nil)
        other.bytes += 1
        #expect(try find(other) == nil)
    }

    @Test func `a path that leads out, or to a link, finds nothing`() throws {
        try bench.start()
        try bench.settle()
        let text = Array(Bench.article(1).utf8)
        try bench.scratch.write(text, to: "secret.txt")
        for path in ["../secret.txt", "below/../../secret.txt", "/secret.txt", "..", ""] {
            let file = OriginalFile.Description(
                path: RelativePath(path), bytes: text.count, sha256: SHA256.hash(text),
                received: Timestamp(milliseconds: 0))
            #expect((try? find(file)) == nil, "\(path)")
        }
    }

    @Test func `a file that is too large to be sent is told by its path`() throws {
        bench.directory.after = .leave
        try bench.start()
        try bench.dropByRename("A headline\n\n" + String(repeating: "word ", count: 2_000_000), "large.txt")
        try bench.settle()
        let found = try #require(try find(described("large.txt")))
        #expect(found.content == nil)
        #expect(found.path == bench.directory.path + "/large.txt")
    }
}
