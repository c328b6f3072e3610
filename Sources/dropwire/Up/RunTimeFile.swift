import Glibc
import Linux

/// The file by which tools find a running `dropwire up`: a link to its configuration, for this user alone.
enum RunTimeFile {
    /// A directory of this user for sockets and the link: `$XDG_RUNTIME_DIR/dropwire`, else `/tmp/dropwire-UID`.
    static var directory: String {
        if let named = getenv("XDG_RUNTIME_DIR"), named.pointee != 0 { return String(cString: named) + "/dropwire" }
        return "/tmp/dropwire-\(getuid())"
    }

    /// Where the link stands.
    static var path: String { directory + "/up.toml" }

    /// Points the link at a configuration.
    static func point(to configuration: String) throws(SystemError) {
        try makePrivateDirectory(directory)
        let temporary = path + ".\(getpid())"
        unlink(temporary)
        try SystemError.check("link '\(temporary)'") { symlink(configuration, temporary) }
        try SystemError.check("rename '\(temporary)'") { rename(temporary, path) }
    }

    /// Takes the link away, where it still points to this configuration.
    static func remove(pointingTo configuration: String) {
        if target == configuration { unlink(path) }
    }

    /// The configuration that the link points to; nil where there is no link. What stands beside the configuration does
    /// not stand beside the link.
    static var target: String? {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(path, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// Makes a directory that only this user may use; refuses one that another user made before.
    static func makePrivateDirectory(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 { return }
        guard errno == EEXIST else { throw SystemError(operation: "make the directory '\(path)'") }
        var status = stat()
        try SystemError.check("look at '\(path)'") { lstat(path, &status) }
        guard status.st_uid == getuid(), status.st_mode & S_IFMT == S_IFDIR else {
            throw SystemError(code: EPERM, operation: "use '\(path)', which is not a directory of this user")
        }
    }
}
