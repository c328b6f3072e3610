import Glibc
import TestSupport
import Testing

@testable import Ingestion

/// What comes of a file that was read before, or looks so: every cell of the table in the documentation.
@Suite struct IdentityTests {
    /// A row of the table.
    enum Happening: String, CaseIterable {
        case otherContent = "other content comes under its name"
        case sameInode = "it is deleted, and other content gets its name and its inode"
        case sameContent = "the same content comes under its name again"
        case otherName = "the same content comes under another name"
        case restored = "its folder is restored from a backup, with the old times"
        case touched = "it is touched"
        case renamed = "it gets another name"
        case linked = "it gets a second name, by a hard link"
        case mode = "it gets another mode"
        case grown = "it grows after it was read"
        case cut = "it is cut after it was read"
        case remounted = "its file system is mounted anew, with another device number"
        case replacedUnseen = "its content is replaced in place, and size and time are as before"

        /// It happens to the file itself, which must still lie there.
        var needsFile: Bool {
            switch self {
            case .touched, .renamed, .linked, .mode, .grown, .cut, .replacedUnseen, .remounted: true
            case .otherContent, .sameInode, .sameContent, .otherName, .restored: false
            }
        }
    }

    @Test func `every row is tried`() throws {
        let table = try DocumentedTable(page: "Identity", columns: 5)
        #expect(table.rows.map(\.[0]) == Happening.allCases.map(\.rawValue))
    }

    @Test(
        arguments: Happening.allCases.filter { $0 != .remounted || PrivateMounts.arePossible },
        DropDirectoryConfiguration.After.allCases)
    func `what comes of a file that was read before`(
        happening: Happening, after: DropDirectoryConfiguration.After
    ) throws {
        let row = try #require(
            try DocumentedTable(page: "Identity", columns: 5).rows.first { $0[0] == happening.rawValue })
        for duplicates in DropDirectoryConfiguration.Duplicates.allCases {
            let cell = row[(after == .leave ? 3 : 1) + (duplicates == .republish ? 1 : 0)]
            let expected = ["published ok"] + (cell == "nothing" ? [] : [cell])
            if happening == .remounted {
                try PrivateMounts.run {
                    try Self.check(happening, after, duplicates, expected: expected)
                }
            } else {
                try Self.check(happening, after, duplicates, expected: expected)
            }
        }
    }

    private static let path = "drop/desk/a.txt"

    private static func check(
        _ happening: Happening, _ after: DropDirectoryConfiguration.After,
        _ duplicates: DropDirectoryConfiguration.Duplicates, expected: [String]
    ) throws {
        let bench = try Bench {
            $0.after = after
            $0.duplicates = duplicates
        }
        if happening == .remounted { try PrivateMounts.mountSmall(bench.directory.path, bytes: 1 << 20) }
        try bench.scratch.makeDirectory("drop/desk")
        try bench.start()
        try bench.settle()
        let isInBetween = happening.needsFile && after != .leave
        var hasHappened = false
        bench.atPoint = { point in
            guard point == .afterCommit, isInBetween, !hasHappened else { return }
            hasHappened = true
            if happening == .remounted { throw Bench.Killed(point: point) }
            try happen(happening, bench)
        }
        try bench.scratch.write(Bench.article(1), to: "outside.txt")
        try bench.scratch.setModified("outside.txt", seconds: 1_700_000_000)
        if happening == .remounted {
            // Nothing can be renamed in from another file system.
            try bench.scratch.write(Bench.article(1), to: path)
        } else {
            try bench.scratch.rename("outside.txt", to: path)
        }
        do { try bench.pass(.seconds(5)) } catch is Bench.Killed { bench.kill() }
        if !isInBetween {
            try happen(happening, bench)
        } else if happening == .remounted {
            try remount(bench)
        }
        // Where files stay, all of them are looked at in that time, by names and events or without.
        try bench.pass(.seconds(70))
        let context = "\(happening.rawValue), \(after), \(duplicates)"
        #expect(try bench.verdicts() == expected, "\(context)")
        #expect((bench.lying("desk") == []) == (after != .leave), "\(context)")
    }

    private static func happen(_ happening: Happening, _ bench: Bench) throws {
        let scratch = bench.scratch
        switch happening {
        case .otherContent: try bench.dropByRename(Bench.article(22), "desk/a.txt")
        case .sameInode:
            let inode = scratch.inode(path)
            var tries = 0
            repeat {
                try? scratch.remove(path)
                try scratch.write(Bench.article(22), to: path)
                tries += 1
            } while inode != nil && scratch.inode(path) != inode && tries < 100
        case .sameContent: try bench.dropByRename(Bench.article(1), "desk/a.txt")
        case .otherName: try bench.dropByRename(Bench.article(1), "desk/b.txt")
        case .restored:
            try scratch.makeDirectory("backup")
            try scratch.write(Bench.article(1), to: "backup/a.txt")
            try scratch.setModified("backup/a.txt", seconds: 1_700_000_000)
            try? scratch.remove(path)
            try scratch.remove("drop/desk")
            try scratch.rename("backup", to: "drop/desk")
        case .touched: try scratch.setModified(path, seconds: 1_700_000_001)
        case .renamed: try scratch.rename(path, to: "drop/desk/b.txt")
        case .linked: try scratch.link(path, to: "drop/desk/b.txt")
        case .mode: try scratch.setMode(path, 0o600)
        case .grown: try scratch.append(Array("\nOne more paragraph.\n".utf8), to: path)
        case .cut:
            let content = try #require(scratch.read(path))
            try scratch.write(content.dropLast(5) + [0x0a], to: path)
        case .replacedUnseen:
            try scratch.write(Bench.article(2), to: path)
            try scratch.setModified(path, seconds: 1_700_000_000)
        case .remounted:
            bench.kill()
            try remount(bench)
        }
    }

    /// Mounts another file system in which the file has its old inode number, and starts again.
    private static func remount(_ bench: Bench) throws {
        let scratch = bench.scratch
        let before = try #require(scratch.attributes(path))
        let inode = try #require(scratch.inode(path))
        let device = try #require(scratch.device(path))
        let content = try #require(scratch.read(path))
        // The old one stays mounted, or the new one would get its number.
        try scratch.makeDirectory("before")
        try PrivateMounts.move(bench.directory.path, to: scratch.path("before"))
        try PrivateMounts.mountSmall(bench.directory.path, bytes: 1 << 20)
        try scratch.makeDirectory("drop/desk")
        var tries = 0
        repeat {
            // Numbers are given one after the other.
            try? scratch.remove(path)
            try scratch.write(content, to: path)
            tries += 1
        } while scratch.inode(path) != inode && tries < 1000
        try scratch.setModified(
            path, seconds: Int(before.modified / 1_000_000_000), nanoseconds: Int(before.modified % 1_000_000_000))
        #expect(scratch.inode(path) == inode && scratch.device(path) != device)
        try bench.start()
    }
}

extension ScratchDirectory {
    fileprivate func inode(_ name: String) -> UInt64? { status(name).map { UInt64($0.st_ino) } }

    fileprivate func device(_ name: String) -> UInt64? { status(name).map { UInt64($0.st_dev) } }

    private func status(_ name: String) -> stat? {
        var status = stat()
        return lstat(path(name), &status) == 0 ? status : nil
    }
}
