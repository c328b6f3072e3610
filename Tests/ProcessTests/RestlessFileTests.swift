import Articles
import Glibc
import Linux
import TestSupport
import Testing

/// Files that change while they are looked at: what is published was a whole state of the file, and nothing is lost.
@Suite struct RestlessFileTests {
    @Test func `a file that grows is read once, whole`() throws {
        let dropwire = try Installation(settle: "2s")
        let watch = try dropwire.startReady("watch")
        let text = Array(Sample.article(1).utf8)
        let file = try OpenFile(dropwire.scratch.path("drop/growing.txt"))
        for start in stride(from: 0, to: text.count, by: 10) {
            try file.write(text[start..<min(start + 10, text.count)])
            usleep(5000)
        }
        #expect(try dropwire.records().isEmpty)
        file.close()
        let record = try dropwire.fileRecord(of: "growing.txt")
        #expect(record.bytes == text.count)
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        #expect(dropwire.archive() == ["growing.txt": text])
        try expectAlive(dropwire, watch, published: 1)
    }

    @Test func `a file that is appended to, open and close, is read once, whole`() throws {
        let dropwire = try Installation(quiet: "1s", settle: "2s")
        let watch = try dropwire.startReady("watch")
        let text = Array(Sample.article(1).utf8)
        for start in stride(from: 0, to: text.count, by: 50) {
            try dropwire.scratch.append(Array(text[start..<min(start + 50, text.count)]), to: "drop/log.txt")
            usleep(10_000)
        }
        let record = try dropwire.fileRecord(of: "log.txt")
        #expect(record.bytes == text.count)
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        #expect(dropwire.archive() == ["log.txt": text])
        try expectAlive(dropwire, watch, published: 1)
    }

    @Test func `a file that shrinks is read in a state that it had, and its last state is read`() throws {
        let dropwire = try Installation(quiet: "0s", settle: "0s")
        let watch = try dropwire.startReady("watch")
        let text = Array((Sample.article(1) + String(repeating: "One more line of it.\n", count: 20_000)).utf8)
        try dropwire.drop(text, as: "shrinking.txt")
        var sizes = [text.count]
        while let last = sizes.last, last > 2000,
            OpenFile.cut(dropwire.scratch.path("drop/shrinking.txt"), last * 9 / 10)
        {
            sizes.append(last * 9 / 10)
        }
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        let records = try dropwire.records().compactMap(\.file)
        #expect(!records.isEmpty)
        #expect(records.allSatisfy { $0.outcome == .published && sizes.contains($0.bytes) })
        // What lies in the archive is what was read last.
        let archived = dropwire.archive().values.map(\.count)
        #expect(archived.contains(records.last!.bytes))
        #expect(archived.allSatisfy { size in records.contains { $0.bytes == size } })
        try expectAlive(dropwire, watch, published: records.count)
    }

    @Test func `files that vanish leave nothing behind, and what was read of them is whole`() throws {
        let dropwire = try Installation(quiet: "0s", settle: "0s")
        let watch = try dropwire.startReady("watch")
        var random = SeededGenerator(seed: 7)
        for number in 0..<300 {
            try dropwire.drop(Sample.article(number), as: "\(number).txt")
            if Bool.random(using: &random) { usleep(UInt32.random(in: 0...2000, using: &random)) }
            unlink(dropwire.scratch.path("drop/\(number).txt"))
        }
        #expect(dropwire.waiting.isEmpty)
        try dropwire.drop(Sample.article(300), as: "last.txt")
        _ = try dropwire.fileRecord(of: "last.txt")
        let entries = try dropwire.records()
        let files = entries.compactMap(\.file)
        #expect(files.allSatisfy { $0.outcome == .published && $0.articles == 1 })
        #expect(Set(files.map(\.path)).count == files.count)
        #expect(Set(dropwire.archive().keys).isSubset(of: files.map(\.path)))
        try expectAlive(dropwire, watch, published: files.count)
    }

    @Test func `a file that is replaced all the time is published in whole versions, each once, the last for sure`()
        throws
    {
        let dropwire = try Installation(quiet: "0s", settle: "0s")
        let watch = try dropwire.startReady("watch")
        let versions = (0..<400).map { Sample.article($0) + String(repeating: "More of \($0).\n", count: $0 * 40) }
        for version in versions {
            try dropwire.drop(version, as: "replaced.txt")
            usleep(1000)
        }
        try waitUntil("it is archived") { dropwire.waiting.isEmpty }
        let entries = try dropwire.records()
        let files = entries.compactMap(\.file)
        let titles = entries.compactMap { $0.article?.title }
        #expect(files.allSatisfy { $0.outcome == .published })
        #expect(Set(titles).count == titles.count)
        #expect(titles.last == Sample.title(399))
        for (file, title) in zip(files, titles) {
            let version = versions.first { $0.hasPrefix(title + "\n") }
            #expect(version?.utf8.count == file.bytes)
        }
        // Nothing is archived that was not read.
        let archived = Set(dropwire.archive().values.map { String(decoding: $0, as: UTF8.self) })
        let published = Set(versions.filter { version in titles.contains { version.hasPrefix($0 + "\n") } })
        #expect(archived.isSubset(of: published))
        #expect(archived.contains(versions[399]))
        try expectAlive(dropwire, watch, published: files.count)
    }

    private func expectAlive(_ dropwire: Installation, _ watch: TestedProcess, published count: Int) throws {
        try dropwire.drop(Sample.article(999_999), as: "alive.txt")
        #expect(try dropwire.fileRecord(of: "alive.txt").outcome == .published)
        #expect(try dropwire.records().count == count * 2 + 2)
        try waitUntil("the last file is archived") { !dropwire.waiting.contains("alive.txt") }
        #expect(try watch.stop() == .exited(0))
    }
}

/// A file that a test writes piece by piece.
final class OpenFile {
    private var descriptor: Int32

    /// Makes it.
    init(_ path: String) throws {
        // Not for the processes that a test starts meanwhile: it would stay open in them.
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw SystemError(operation: "make '\(path)'") }
    }

    deinit { close() }

    /// Cuts a file that is there, as a writer does that opens it; returns false where it is gone.
    static func cut(_ path: String, _ size: Int) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        defer { Glibc.close(descriptor) }
        return ftruncate(descriptor, size) == 0
    }

    /// Appends bytes.
    func write(_ bytes: some Collection<UInt8>) throws {
        let bytes = Array(bytes)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw SystemError(operation: "write") }
    }

    /// Closes it; once is enough.
    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
