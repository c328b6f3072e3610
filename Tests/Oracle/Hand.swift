import Glibc
import Linux

/// What a producer does to files, by absolute paths of bytes.
enum Hand {
    /// Writes a file at once.
    static func write(_ bytes: [UInt8], to path: [UInt8]) throws {
        let file = try WrittenFile(path, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes[...])
    }

    /// Renames, over whatever has the name.
    static func rename(_ from: [UInt8], to: [UInt8]) throws {
        try check("rename", from) { Glibc.rename(terminated(from), terminated(to)) }
    }

    /// Renames, but not over anything; returns whether it did.
    static func renameIfFree(_ from: [UInt8], to: [UInt8]) throws -> Bool {
        // A link fails where the name is taken, as rename(2) does not.
        guard Glibc.link(terminated(from), terminated(to)) == 0 else {
            if errno == EEXIST { return false }
            throw SystemError(operation: "link '\(text(to))'")
        }
        try remove(from)
        return true
    }

    static func link(_ from: [UInt8], to: [UInt8]) throws {
        try check("link", to) { Glibc.link(terminated(from), terminated(to)) }
    }

    static func remove(_ path: [UInt8]) throws { try check("remove", path) { Glibc.unlink(terminated(path)) } }

    static func makeDirectory(_ path: [UInt8]) throws { try check("make", path) { mkdir(terminated(path), 0o770) } }

    /// Sets the times of access and change; nil means now. Returns false where there is no such file.
    @discardableResult
    static func setTimes(_ path: [UInt8], secondsAgo: Int?) throws -> Bool {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        time.tv_sec -= secondsAgo ?? 0
        if utimensat(AT_FDCWD, terminated(path), [time, time], 0) == 0 { return true }
        if errno == ENOENT { return false }
        throw SystemError(operation: "set the times of '\(text(path))'")
    }

    private static func check(_ what: String, _ path: [UInt8], _ body: () -> Int32) throws {
        guard body() == 0 else { throw SystemError(operation: "\(what) '\(text(path))'") }
    }

    static func terminated(_ path: [UInt8]) -> [CChar] { (path + [0]).map { CChar(bitPattern: $0) } }
    private static func text(_ path: [UInt8]) -> String { String(decoding: path, as: UTF8.self) }
}

/// A file that a producer writes piece by piece.
final class WrittenFile {
    private var descriptor: Int32

    init(_ path: [UInt8], _ flags: Int32) throws {
        descriptor = open(Hand.terminated(path), flags | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw SystemError(operation: "open '\(String(decoding: path, as: UTF8.self))' for writing")
        }
    }

    deinit { close() }

    func write(_ bytes: ArraySlice<UInt8>) throws {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw SystemError(operation: "write a file") }
            rest = rest.dropFirst(count)
        }
    }

    func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
