import Glibc
import Linux

/// A file in the state directory that only takes room. When the disk is full it is given up, so that what is in flight can
/// still be finished and told.
///
/// Before that the intake pauses by itself: it wants as much room again to be free. So the ballast is needed only where
/// somebody else fills the disk.
struct Ballast {
    /// Too little room is left on the state directory's file system.
    struct NoRoom: Error, CustomStringConvertible {
        let directory: String
        let available: Int
        let wanted: Int
        var description: String {
            "the file system of '\(directory)' has \(available >> 10) KiB free and \(wanted >> 10) KiB are wanted: files "
                + "stay in their drop directories until there is room"
        }
    }

    private let directory: String
    private let path: String
    /// Whether the file is there.
    private(set) var isHeld = false

    /// Makes it for a state directory; the file of an earlier process is taken over.
    init(directory: String) {
        self.directory = directory
        path = directory + "/ballast"
        isHeld = access(path, F_OK) == 0
    }

    /// Throws where less room is left than is wanted before anything is taken in hand; takes the ballast back where it was
    /// given up and there is room for both.
    mutating func checkRoom() throws {
        let space = try FileSystemSpace(path: directory)
        let wanted = isHeld ? space.reserve : 2 * space.reserve
        guard space.available >= wanted else {
            throw NoRoom(directory: directory, available: space.available, wanted: wanted)
        }
        if !isHeld { try take(space.reserve) }
    }

    /// Gives the room back; returns whether there was any.
    mutating func release() -> Bool {
        guard isHeld else { return false }
        isHeld = false
        return unlink(path) == 0
    }

    private mutating func take(_ size: Int) throws(SystemError) {
        do {
            let file = try Directory(path: directory).openForWriting(RelativePath("ballast"))
            try file.allocate(size)
            isHeld = true
        } catch {
            // What of it could be had is wanted elsewhere.
            unlink(path)
            throw SystemError(code: error.code, operation: "take room for '\(path)': \(error.operation)")
        }
    }
}
