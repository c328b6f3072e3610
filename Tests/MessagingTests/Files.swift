import Glibc
import Linux

@testable import Messaging

/// The permissions of a file.
func fileMode(_ path: String) throws -> UInt32 {
    var information = stat()
    try SystemError.check("stat") { lstat(path, &information) }
    return information.st_mode & 0o777
}

/// Writes what an ``InHandFile`` says of a record.
func writeInHand(_ stream: StreamID, _ seq: UInt64, crashes: UInt64, _ path: String) throws {
    try write([seq, crashes].withUnsafeBytes { Array($0) } + stream.bytes, path)
}

/// Writes a text.
func writeText(_ text: String, _ path: String) throws { try write(Array(text.utf8), path) }

private func write(_ bytes: [UInt8], _ path: String) throws {
    guard let file = fopen(path, "w") else { throw SystemError(operation: "open '\(path)'") }
    defer { fclose(file) }
    fwrite(bytes, 1, bytes.count, file)
}
