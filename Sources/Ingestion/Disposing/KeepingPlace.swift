import Articles
import Glibc
import Linux

/// A place that files of a drop directory are kept in, its archive or its quarantine: a tree of folders, perhaps on another
/// file system. Its folders are opened when they are first used.
final class KeepingPlace {
    /// Where the base directory is.
    enum Base {
        /// A folder of the drop directory.
        case folder(RelativePath, of: Directory)
        /// A folder below a directory that must be there; a missing one may be a share that is not mounted.
        case outside(String, folder: RelativePath)
    }

    private let base: Base
    /// Open folders; forgotten at every scan, since somebody may move or remove them.
    private var folders: [RelativePath: Directory] = [:]
    /// Keeps another watcher out of a place that is not in the drop directory, which has a lock of its own.
    private var lock: DropDirectoryLock?
    /// Folders that were given files, of which the disk may not know yet.
    private var unsynced: Set<RelativePath> = []
    /// The folder for copies under way.
    private static let copies = RelativePath(".dropwire")

    init(_ base: Base) { self.base = base }

    /// Forgets open folders.
    func forgetFolders() { folders.removeAll() }

    /// Forgets an open folder that turned out to be gone.
    func forget(_ path: RelativePath) { folders[path] = nil }

    /// Returns a folder, open; it is made where it is not there.
    func folder(_ path: RelativePath) throws(SystemError) -> Directory {
        if let open = folders[path] { return open }
        // A bound on open files; what is used again is opened again.
        if folders.count >= 32 { folders.removeAll() }
        let made = path.isEmpty ? try open() : try folder(RelativePath("")).makeDurableDirectory(path)
        folders[path] = made
        return made
    }

    /// Returns a folder that is there; nil where it is not.
    func folderIfThere(_ path: RelativePath) throws(SystemError) -> Directory? {
        do {
            switch base {
            case .folder(let folder, let root): return try root.directory(path.below(folder))
            case .outside(let directory, let folder):
                return try Directory(path: directory).directory(path.below(folder))
            }
        } catch  where error.code == ENOENT {
            return nil
        }
    }

    /// Notes that a folder was given a file.
    func noteChange(in path: RelativePath) { unsynced.insert(path) }

    /// Makes durable what was noted.
    func sync() throws(SystemError) {
        try unsynced.sync { path throws(SystemError) in
            if let open = folders[path] { return open }
            return try folderIfThere(path)
        }
    }

    /// The folder for copies under way.
    func copiesFolder() throws(SystemError) -> Directory { try folder(KeepingPlace.copies) }

    /// Removes copies that an unclean end left unfinished; no copy may be under way.
    func removeUnfinishedCopies() throws(SystemError) {
        guard let copies = try folderIfThere(KeepingPlace.copies) else { return }
        for entry in try copies.entries() where entry.kind != .directory { try copies.remove(entry.name) }
    }

    private func open() throws(SystemError) -> Directory {
        switch base {
        case .folder(let folder, let root): return try root.makeDurableDirectory(folder)
        case .outside(let path, let folder):
            let directory = try Directory(path: path).makeDurableDirectory(folder)
            if lock == nil {
                do {
                    lock = try DropDirectoryLock(directory)
                } catch let error as SystemError {
                    throw error
                } catch {
                    throw SystemError(
                        code: EBUSY, operation: "lock '\(directory.path)' against another dropwire process")
                }
            }
            return directory
        }
    }
}
