import Glibc
import TestSupport

/// A file as it lies in a drop directory, by what the operating system says.
struct StandingFile: Equatable {
    let inode: UInt64
    let modified: Int64
    let content: [UInt8]

    /// Returns every file of a directory by its path in it, but for names that begin with a dot.
    static func all(in scratch: ScratchDirectory, _ directory: String) -> [String: StandingFile] {
        var found: [String: StandingFile] = [:]
        collect(scratch, directory, below: "", &found)
        return found
    }

    private static func collect(
        _ scratch: ScratchDirectory, _ directory: String, below: String, _ found: inout [String: StandingFile]
    ) {
        for name in scratch.list(directory) where !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(scratch.path(path), &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                collect(scratch, path, below: "\(below)\(name)/", &found)
            } else {
                found[below + name] = StandingFile(
                    inode: UInt64(status.st_ino),
                    modified: Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec),
                    content: scratch.read(path) ?? [])
            }
        }
    }
}
