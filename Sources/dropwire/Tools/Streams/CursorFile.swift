import Glibc
import Linux
import Messaging

/// A file with the text of a cursor: whole at every moment, and durable when it is written.
struct CursorFile {
    private let directory: Directory
    private let name: RelativePath
    private let path: String

    /// Takes a path; its directory must be there.
    init(path: String) throws {
        self.path = path
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[..<$0]) } ?? "."
        let last = slash.map { path[path.index(after: $0)...] } ?? path[...]
        guard !last.isEmpty, last != ".", last != ".." else { throw UsageError("'\(path)' is no name of a file") }
        directory = try Directory(path: folder.isEmpty ? "/" : folder)
        name = RelativePath(String(last))
    }

    /// Reads the cursor; nil where there is no file yet.
    func read() throws -> Cursor? {
        guard let status = try directory.status(of: name) else { return nil }
        guard status.kind == .regular, status.size <= 200 else { throw NoCursor(path: path) }
        let bytes = try directory.open(name).readAll(expected: 200, limit: 200)
        let text = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard text.count == 1, let cursor = Cursor(text[0]) else { throw NoCursor(path: path) }
        return cursor
    }

    /// Replaces the file.
    func write(_ cursor: Cursor) throws {
        try directory.write(Array("\(cursor)\n".utf8), to: name)
    }

    private struct NoCursor: Error, CustomStringConvertible {
        let path: String
        var description: String {
            "'\(path)' holds no cursor (dw1:STREAM:EPOCH:SEQ:TIME); it is left as it is: name another file"
        }
    }
}
