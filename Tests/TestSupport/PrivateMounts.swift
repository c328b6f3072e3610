import Glibc
import Linux
import Synchronization

/// Mounts that nobody else sees: real file systems that are small, full or read-only, for a test's own thread.
///
/// A thread of its own enters a mount namespace of its own; threads and programs that it starts inherit that, and everything
/// is gone with the last of them. It takes root; where that is not to be had, the test is skipped.
package enum PrivateMounts {
    private typealias Unshare = @convention(c) (Int32) -> Int32
    private typealias Mount =
        @convention(c) (
            UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafePointer<CChar>?, UInt, UnsafePointer<CChar>?
        ) -> Int32
    private typealias Unmount = @convention(c) (UnsafePointer<CChar>?, Int32) -> Int32

    /// MS_… of mount(2), and the flags of unshare(2) and umount2(2).
    private enum Flag {
        static let readOnly: UInt = 1
        static let remount: UInt = 32
        static let bind: UInt = 4096
        static let move: UInt = 8192
        static let recursive: UInt = 16384
        static let isPrivate: UInt = 1 << 18
        static let newNamespace: Int32 = 0x20000
        static let detach: Int32 = 2
    }

    /// This user may make them.
    package static let arePossible: Bool = {
        guard geteuid() == 0 else { return false }
        let answer = Mutex(false)
        let thread = try? SystemThread(name: "mounts?") { if (try? enter()) != nil { answer.withLock { $0 = true } } }
        thread?.join()
        return answer.withLock { $0 }
    }()

    /// Runs a test on a thread that has mounts of its own.
    package static func run(_ body: @escaping @Sendable () throws -> Void) throws {
        let failure = Mutex<(any Error)?>(nil)
        let thread = try SystemThread(name: "mounts") {
            do {
                try enter()
                try body()
            } catch {
                failure.withLock { $0 = error }
            }
        }
        thread.join()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    /// Mounts an empty file system in memory that holds so many bytes.
    package static func mountSmall(_ path: String, bytes: Int) throws {
        try mount("tmpfs", path, "tmpfs", 0, "size=\(bytes)")
    }

    /// Changes the size of one that was mounted so.
    package static func resize(_ path: String, bytes: Int) throws {
        try mount("tmpfs", path, "tmpfs", Flag.remount, "size=\(bytes)")
    }

    /// Takes every byte of a file system by a file of the directory, `everything`.
    package static func fill(_ directory: String) throws {
        let descriptor = open("\(directory)/everything", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        for size in [1 << 20, 4096, 1] {
            let bytes = [UInt8](repeating: 1, count: size)
            while write(descriptor, bytes, size) == size {}
        }
        guard errno == ENOSPC else { throw ScratchDirectory.Failure(code: errno, operation: "fill \(directory)") }
    }

    /// Mounts a directory over itself so that what is changed in it is changed in `scratch`, on a file system of its own.
    package static func mountChangeable(_ path: String, scratch: String) throws {
        for name in ["changes", "work"] { mkdir("\(scratch)/\(name)", 0o755) }
        try mount(
            "overlay", path, "overlay", 0, "lowerdir=\(path),upperdir=\(scratch)/changes,workdir=\(scratch)/work")
    }

    /// Makes a directory a mount of itself, read-only or writable again.
    package static func setReadOnly(_ path: String, _ isReadOnly: Bool) throws {
        if isReadOnly { try mount(path, path, "none", Flag.bind, nil) }
        try mount("none", path, "none", Flag.remount | Flag.bind | (isReadOnly ? Flag.readOnly : 0), nil)
    }

    /// Moves a mount to another directory: the file system is away from where it was.
    package static func move(_ path: String, to other: String) throws { try mount(path, other, "none", Flag.move, nil) }

    /// Takes a mount away, also from under whoever uses it.
    package static func unmount(_ path: String) throws {
        guard symbol("umount2", Unmount.self)(path, Flag.detach) == 0 else {
            throw ScratchDirectory.Failure(code: errno, operation: "unmount \(path)")
        }
    }

    private static func enter() throws {
        guard symbol("unshare", Unshare.self)(Flag.newNamespace) == 0 else {
            throw ScratchDirectory.Failure(code: errno, operation: "enter a mount namespace")
        }
        // Nothing of it shows outside.
        try mount("none", "/", "none", Flag.recursive | Flag.isPrivate, nil)
    }

    private static func mount(_ source: String, _ path: String, _ type: String, _ flags: UInt, _ data: String?) throws {
        guard symbol("mount", Mount.self)(source, path, type, flags, data) == 0 else {
            throw ScratchDirectory.Failure(code: errno, operation: "mount \(path)")
        }
    }

    // Glibc's Swift module shows none of these.
    private static func symbol<Function>(_ name: String, _ type: Function.Type) -> Function {
        guard let found = dlsym(nil, name) else { fatalError("there is no \(name)") }
        return unsafeBitCast(found, to: type)
    }
}
