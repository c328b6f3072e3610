import Glibc
import Linux

/// The path of a directory that a service may be let into: absolute, without symbolic links, and nobody's but the
/// operator's.
struct AllowedPath: Sendable, Equatable {
    /// The path.
    let text: String
    /// It is there already.
    let isThere: Bool
    /// The path that was named, where a symbolic link stands in it.
    let link: String?

    /// Directories that belong to the system, with everything below them.
    private static let whole = [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin", "/sys", "/usr",
        "/var/lib/dropwire",
    ]
    /// Directories that hold others' beside it.
    private static let alone = [
        "/", "/home", "/media", "/mnt", "/opt", "/root", "/srv", "/var", "/var/cache", "/var/lib", "/var/log",
        "/var/spool",
    ]
    /// Directories in whose place a service has others.
    private static let replaced = ["/tmp", "/var/tmp"]

    /// Looks at a path.
    ///
    /// - Throws: `UsageError` where no service should be let in there.
    init(_ named: String) throws {
        guard !named.isEmpty, named.utf8.count <= 1000,
            named.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw UsageError("DIR is a path of at most 1000 bytes without control characters") }
        // What is no UTF-8 is replaced before it comes here.
        guard !named.unicodeScalars.contains("\u{fffd}") else {
            throw UsageError("DIR is no UTF-8, as systemd wants it")
        }
        let path = AllowedPath.normalized(try AbsolutePath.of(named))
        let real = try AllowedPath.resolved(path)
        if let status = try Directory.status(path: real), status.kind != .directory {
            throw UsageError("'\(real)' is a \(status.kind.rawValue), no directory")
        }
        func isBelow(_ directory: String) -> Bool { real == directory || real.hasPrefix(directory + "/") }
        if let system = AllowedPath.whole.first(where: isBelow) {
            throw UsageError(
                "'\(real)' belongs to the system ('\(system)'): take a directory elsewhere, such as below /srv")
        }
        if AllowedPath.alone.contains(real) {
            throw UsageError("'\(real)' is more than a drop directory: take one below it")
        }
        if let other = AllowedPath.replaced.first(where: isBelow) {
            throw UsageError("the service has a '\(other)' of its own (PrivateTmp): take a directory elsewhere")
        }
        text = real
        isThere = try Directory.status(path: real) != nil
        link = real == path ? nil : path
    }

    /// Every directory above it, from the root on.
    var parents: [String] {
        var parents: [String] = []
        var path = ""
        for part in text.split(separator: "/").dropLast() {
            path += "/" + part
            parents.append(path)
        }
        return parents
    }

    /// What is mounted below it, where files are copied and not moved.
    var mountsBelow: [String] {
        guard let bytes = try? FileDescriptor(path: "/proc/self/mountinfo").readAll(expected: 8192, limit: 4 << 20)
        else {
            return []
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 4 else { return nil }
            let point = AllowedPath.unescaped(fields[4])
            return point.hasPrefix(text + "/") ? point : nil
        }
    }

    /// Without doubled slashes, `.` and `..`.
    private static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// With symbolic links followed as far as there is something; what is not there yet is added as it stands.
    private static func resolved(_ path: String) throws(SystemError) -> String {
        var there = path
        var rest: [Substring] = []
        while true {
            if let real = realpath(there, nil) {
                defer { free(real) }
                let base = String(cString: real)
                return rest.isEmpty ? base : (base == "/" ? "" : base) + "/" + rest.reversed().joined(separator: "/")
            }
            guard errno == ENOENT, let slash = there.lastIndex(of: "/"), there != "/" else {
                throw SystemError(operation: "look at '\(path)'")
            }
            var link = stat()
            // A link to nowhere would become a directory's name.
            guard lstat(there, &link) == -1 else {
                throw SystemError(code: ENOENT, operation: "follow the link '\(there)'")
            }
            rest.append(there[there.index(after: slash)...])
            there = slash == there.startIndex ? "/" : String(there[..<slash])
        }
    }

    /// A field of mountinfo, in which `\040` is a space.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(3)
            if byte == UInt8(ascii: "\\"), digits.count == 3,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
