import Glibc
import TestSupport
import Testing

@testable import Linux

/// Directories, files and events of a real file system.
@Suite struct FileTests {
    private let scratch: ScratchDirectory
    private let root: Directory

    init() throws {
        scratch = try ScratchDirectory()
        root = try Directory(path: scratch.path)
    }

    @Test func `a listing has every name as it is, and what it stands for`() throws {
        let odd: [UInt8] = [0x61, 0xff, 0x0a, 0x22]
        try scratch.write([1], to: odd)
        try scratch.makeDirectory("folder")
        #expect(mkfifo(scratch.path("fifo"), 0o600) == 0)
        #expect(symlink("nowhere", scratch.path("link")) == 0)
        let entries = try root.entries().sorted { $0.name < $1.name }
        #expect(
            entries.map { Array($0.name.bytes) } == [odd, Array("fifo".utf8), Array("folder".utf8), Array("link".utf8)])
        #expect(entries.map(\.kind) == [.regular, .fifo, .directory, .symbolicLink])
    }

    @Test func `a file is opened without following links, at any depth`() throws {
        try scratch.makeDirectory("real")
        try scratch.write("content", to: "real/file")
        #expect(symlink("real/file", scratch.path("link")) == 0)
        #expect(symlink("real", scratch.path("folder")) == 0)
        #expect(throws: SystemError.self) { _ = try root.open(RelativePath("link")).status() }
        #expect(throws: SystemError.self) { _ = try root.open(RelativePath("folder/file")).status() }
        #expect(throws: SystemError.self) { _ = try root.open(RelativePath("../x")).status() }
        let bytes = try root.open(RelativePath("real/file")).readAll(expected: 7, limit: 100)
        #expect(bytes == Array("content".utf8))
    }

    @Test func `a FIFO without a writer does not hold up its opener`() throws {
        #expect(mkfifo(scratch.path("fifo"), 0o600) == 0)
        let kind = try root.open(RelativePath("fifo")).status().kind
        #expect(kind == .fifo)
    }

    @Test(arguments: [(0, 10), (7, 10), (7, 7), (7, 6), (200_000, 1 << 20)])
    func `a read ends at the end or at the limit`(size: Int, limit: Int) throws {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        try scratch.write(content, to: "file")
        let bytes = try root.open(RelativePath("file")).readAll(expected: min(size, 3), limit: limit)
        #expect(bytes == Array(content.prefix(limit)))
    }

    @Test func `a rename never replaces`() throws {
        try scratch.write("one", to: "a")
        try scratch.write("two", to: "b")
        let error = #expect(throws: SystemError.self) {
            try root.rename(RelativePath("a"), to: root, RelativePath("b"))
        }
        #expect(error?.code == EEXIST)
        #expect(scratch.read("b") == Array("two".utf8))
        try root.rename(RelativePath("a"), to: root.makeDirectory(RelativePath("x/y/z")), RelativePath("c"))
        #expect(scratch.list("x/y/z") == ["c"])
    }

    @Test func `a small file is written whole, over the old one, and leaves nothing else`() throws {
        try root.write(Array("first".utf8), to: RelativePath("state"))
        try root.write(Array("second".utf8), to: RelativePath("state"))
        #expect(scratch.read("state") == Array("second".utf8))
        #expect(scratch.list() == ["state"])
    }

    @Test func `a lock holds while its owner lives`() throws {
        var other: Directory? = try Directory(path: scratch.path)
        #expect(try other?.lock() == true)
        #expect(try root.lock() == false)
        other = nil
        #expect(try root.lock() == true)
    }

    @Test func `a lock of which a child of its ended holder still has a copy is waited for, if that is asked`() throws {
        let first = open(scratch.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        #expect(try FileLock.take(first, named: scratch.path))
        // What a child has between fork and its own program: the same opening under another descriptor.
        let copy = dup(first)
        close(first)
        #expect(try root.lock() == false)
        let asked = try WakeUp()
        let child = try SystemThread(name: "child") {
            _ = Poll.readable([asked.descriptor], timeout: .seconds(20))
            usleep(50_000)
            close(copy)
        }
        asked.ring()
        #expect(try root.lock(patience: .seconds(20)))
        child.join()
    }

    @Test func `events tell what happened in order, by name`() throws {
        let inotify = try Inotify()
        let number = try inotify.watch(root)
        try scratch.write("text", to: "a")
        try scratch.rename("a", to: "b")
        try scratch.remove("b")
        let events = inotify.events()
        #expect(events.map(\.kind) == [.created, .modified, .closed, .movedIn], "what goes is nobody's news")
        #expect(events.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "a", "a", "b"])
        #expect(events.allSatisfy { $0.watch == number })
        #expect(inotify.events().isEmpty)
    }

    @Test func `a watch follows its directory to a new name`() throws {
        try scratch.makeDirectory("one")
        let inotify = try Inotify()
        let number = try inotify.watch(root.directory(RelativePath("one")))
        try scratch.rename("one", to: "two")
        try scratch.write("text", to: "two/a")
        #expect(inotify.events().contains { $0.watch == number && $0.kind == .closed })
        #expect(try inotify.watch(root.directory(RelativePath("two"))) == number)
    }

    @Test func `a path knows its parts`() {
        let path = RelativePath("a/b/c")
        #expect(Array(path.name) == Array("c".utf8))
        #expect(path.parent == RelativePath("a/b"))
        #expect(RelativePath("a").parent == nil)
        #expect(RelativePath("c").below(RelativePath("a/b")) == path)
        #expect(RelativePath("c").below(RelativePath("")) == RelativePath("c"))
        #expect(RelativePath("").isEmpty)
        #expect(!RelativePath(bytes: [0xff]).isUTF8)
    }
}
