import Glibc

/// The program's standard output and standard error, a line a write(2): what is printed is there at once, also in a pipe.
enum Output {
    /// Writes a line to standard output.
    static func line(_ text: String) { write(Array(text.utf8) + [0x0a], to: 1) }

    /// Writes bytes that are a line to standard output.
    static func line(_ bytes: [UInt8]) { write(bytes + [0x0a], to: 1) }

    /// Writes bytes to standard output as they are.
    static func bytes(_ bytes: [UInt8]) { write(bytes, to: 1) }

    /// Writes a line to standard error.
    static func error(_ text: String) { write(Array(text.utf8) + [0x0a], to: 2) }

    /// Writes text to standard error without ending the line.
    static func errorText(_ text: String) { write(Array(text.utf8), to: 2) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + written, $0.count - written) }
            if count > 0 { written += count; continue }
            if errno == EINTR { continue }
            // A reader that went away (`| head`) ends the tool; standard error has nobody to tell.
            if errno == EPIPE, descriptor == 1 { exit(ExitCode.done) }
            return
        }
    }
}
