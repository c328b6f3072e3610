import CLinux
import Glibc

/// Symbolic links, of which only the last part of a path may be one.
extension Directory {
    /// Returns what a link leads to; nil where it leads nowhere, or round in a circle.
    package func statusOfTarget(of link: RelativePath) throws(SystemError) -> FileStatus? {
        var raw = stat()
        if link.withCString({ fstatat(descriptor, $0, &raw, 0) }) == 0 { return FileStatus(raw) }
        if errno == ENOENT || errno == ENOTDIR || errno == ELOOP { return nil }
        throw SystemError(operation: "look at the target of '\(path)/\(link)'")
    }

    /// Opens what a link leads to for reading, without waiting on a FIFO.
    package func openTarget(of link: RelativePath) throws(SystemError) -> FileDescriptor {
        let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let name = RelativePath(bytes: link.name)
        let parent: Directory
        if let above = link.parent { parent = try directory(above) } else { parent = self }
        return FileDescriptor(
            number: try SystemError.check("open the target of '\(path)/\(link)'") {
                name.withCString { clinux_openat(parent.descriptor, $0, flags, 0) }
            })
    }

    /// Makes a link with the target of another one under a new name in another directory, which may be on another file
    /// system; fails with EEXIST instead of replacing.
    package func copyLink(_ link: RelativePath, to directory: Directory, _ name: RelativePath) throws(SystemError) {
        var length = 0
        let target = [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { buffer, count in
            length = link.withCString {
                readlinkat(
                    descriptor, $0, UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self),
                    buffer.count)
            }
            count = max(0, length)
        }
        guard length >= 0 else { throw SystemError(operation: "read the link '\(path)/\(link)'") }
        try SystemError.check("make the link '\(directory.path)/\(name)'") {
            RelativePath(bytes: target).withCString { target in
                name.withCString { symlinkat(target, directory.descriptor, $0) }
            }
        }
    }
}
