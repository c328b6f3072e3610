import Glibc
import Linux

/// Where an export goes: standard output, a file that has its name only when it is whole, or a directory of files of which
/// each is.
final class ExportTarget {
    private let stream: FileDescriptor?
    private let directory: Directory?
    /// The file's name, and the one that it has while it is written.
    private let name: (final: RelativePath, temporary: RelativePath)?
    private var isDone = false
    private var held: [UInt8] = []

    /// So many bytes are written at a time.
    private static let pieceBytes = 256 << 10

    /// Opens a target.
    ///
    /// - Parameters:
    ///   - path: nil for standard output.
    ///   - isFilePerArticle: the path is a directory, which is made where it is not there.
    init(_ path: String?, isFilePerArticle: Bool) throws(SystemError) {
        guard let path else {
            stream = try .standardOutput()
            directory = nil
            name = nil
            return
        }
        guard !isFilePerArticle else {
            if mkdir(path, 0o777) != 0, errno != EEXIST { throw SystemError(operation: "make '\(path)'") }
            stream = nil
            directory = try Directory(path: path)
            name = nil
            return
        }
        let last = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = last.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let file = last.map { String(path[path.utf8.index(after: $0)...]) } ?? path
        let directory = try Directory(path: folder)
        let temporary = RelativePath(".\(file).\(getpid()).tmp")
        stream = try directory.create(temporary)
        self.directory = directory
        name = (RelativePath(file), temporary)
    }

    deinit {
        if !isDone, let name { try? directory?.remove(name.temporary) }
    }

    /// Writes bytes of one document.
    func write(_ bytes: [UInt8]) throws(SystemError) {
        held += bytes
        if held.count >= ExportTarget.pieceBytes { try flush() }
    }

    /// Writes a file into the directory.
    func write(_ bytes: [UInt8], file: String) throws(SystemError) {
        try directory?.write(bytes, to: RelativePath(file))
    }

    /// Ends the document: the file gets its name.
    func finish() throws(SystemError) {
        try flush()
        if let name, let directory {
            try stream?.sync()
            try directory.replace(name.final, by: name.temporary)
            isDone = true
            try directory.sync()
        }
        isDone = true
    }

    private func flush() throws(SystemError) {
        if !held.isEmpty { try stream?.writeAll(held) }
        held.removeAll(keepingCapacity: true)
    }
}
