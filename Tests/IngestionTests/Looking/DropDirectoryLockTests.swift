import Linux
import TestSupport
import Testing

@testable import Ingestion

@Suite struct DropDirectoryLockTests {
    @Test func `who lets a directory go can open it again while a file of it is still read by the old opening`() throws
    {
        let folder = try ScratchDirectory()
        let first = try Directory(path: folder.path)
        var lock: DropDirectoryLock? = try DropDirectoryLock(first)
        #expect(throws: DropDirectory.InUse.self) { try DropDirectoryLock(Directory(path: folder.path)) }
        #expect(lock != nil)
        lock = nil
        _ = try DropDirectoryLock(Directory(path: folder.path))
        #expect(try first.status().kind == .directory)
    }
}
