import Glibc
import Linux

/// The file of a ``TokenList``: others may not write it, nor read it beyond its group.
package struct TokenFile: Sendable {
    /// Where it is.
    package let path: String

    private static let largest = 1 << 20

    /// Names the file.
    package init(path: String) { self.path = path }

    /// What tells that a file is another one, or has other content.
    struct Mark: Equatable {
        var inode: UInt64
        var size: Int64
        var changed: Int64
    }

    /// The mark of the file that is there now; nil where there is none.
    var mark: Mark? {
        guard let status = try? Directory.status(path: path) else { return nil }
        return Mark(inode: status.inode, size: status.size, changed: status.changed)
    }

    /// Reads the list.
    package func read() throws(TokenProblem) -> TokenList {
        var status = stat()
        guard stat(path, &status) == 0 else { throw problem("look at") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw TokenProblem(description: "'\(path)' is no file") }
        guard status.st_mode & 0o027 == 0 else {
            let mode = String(status.st_mode & 0o777, radix: 8)
            throw TokenProblem(
                description: "others can write or read '\(path)' (mode \(mode)), and so let themselves in: chmod 640 it"
            )
        }
        guard status.st_uid == 0 || status.st_uid == geteuid() else {
            throw TokenProblem(
                description:
                    "'\(path)' is a file of the user \(status.st_uid), who could let himself in: chown it to root")
        }
        let bytes: [UInt8]
        do {
            bytes = try FileDescriptor(path: path).readAll(expected: 4096, limit: TokenFile.largest + 1)
        } catch {
            throw TokenProblem(description: "\(error)")
        }
        guard bytes.count <= TokenFile.largest else {
            throw TokenProblem(description: "'\(path)' is larger than 1 MiB")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TokenProblem(description: "'\(path)' is no UTF-8")
        }
        return try TokenList(text: text, name: path)
    }

    /// Adds a token and returns it; the file is made where it is not there. It is whole and durable at every moment.
    package func add(_ name: String, role: AccessRole) throws(TokenProblem) -> String {
        var token = ""
        try change { list, text throws(TokenProblem) in
            guard list.entry(named: name) == nil else {
                throw TokenProblem(description: "there is a token '\(name)' in '\(path)' already: remove it first")
            }
            guard list.entries.count < TokenList.limit else {
                throw TokenProblem(description: "'\(path)' has \(TokenList.limit) tokens: remove one first")
            }
            token = list.add(name, role: role)
            if text.isEmpty { text = "# Tokens of the page and the API: ROLE NAME sha256:DIGEST (dropwire token)\n" }
            if !text.hasSuffix("\n") { text += "\n" }
            text += (list.entry(named: name)?.line ?? "") + "\n"
        }
        return token
    }

    /// Removes the token of a name; everything else stays as it was written.
    package func remove(_ name: String) throws(TokenProblem) {
        try change { list, text throws(TokenProblem) in
            guard let entry = list.entry(named: name) else {
                throw TokenProblem(description: "there is no token '\(name)' in '\(path)'")
            }
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            text = lines.filter { line in
                line.split { $0 == " " || $0 == "\t" }.map(String.init) != [
                    entry.role.word, name, String(entry.line.split(separator: " ")[2]),
                ]
            }.joined(separator: "\n")
        }
    }

    private func change(_ body: (inout TokenList, inout String) throws(TokenProblem) -> Void) throws(TokenProblem) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[..<$0]) } ?? "."
        do {
            let directory = try Directory(path: folder.isEmpty ? "/" : folder)
            // Two at a time would lose one's token.
            guard try directory.lock(patience: .seconds(5)) else {
                throw TokenProblem(description: "another program has locked '\(folder)'")
            }
            var list = TokenList()
            var text = ""
            if mark != nil {
                list = try read()
                text = String(
                    decoding: try FileDescriptor(path: path).readAll(expected: 4096, limit: TokenFile.largest),
                    as: UTF8.self)
            }
            try body(&list, &text)
            try write(text)
            try directory.sync()
        } catch let error as TokenProblem {
            throw error
        } catch {
            throw TokenProblem(description: "\(error)")
        }
    }

    /// Puts a file with the text in the place of the old one, with the same owner and mode.
    private func write(_ text: String) throws(TokenProblem) {
        var old = stat()
        let isThere = stat(path, &old) == 0
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw problem("write") }
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        // Who may not give files away keeps the group where he is in it, as a copy does.
        if isThere, fchown(descriptor, old.st_uid, old.st_gid) != 0 { _ = fchown(descriptor, uid_t.max, old.st_gid) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0,
            fchmod(descriptor, isThere ? old.st_mode & 0o777 : 0o640) == 0, rename(temporary, path) == 0
        else {
            let problem = problem("write")
            unlink(temporary)
            throw problem
        }
    }

    private func problem(_ operation: String) -> TokenProblem {
        TokenProblem(description: "\(SystemError(operation: "\(operation) '\(path)'"))")
    }
}
