import Glibc
import Linux

/// The permissions of a file.
func fileMode(_ path: String) throws -> UInt32 {
    var information = stat()
    try SystemError.check("stat") { lstat(path, &information) }
    return information.st_mode & 0o777
}
