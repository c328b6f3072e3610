import Articles
import Glibc
import Hashing
import Linux

/// Keeps failed parts of files in the quarantine, each as a file `<name>#<part>` with its reason beside it, so that it can
/// be looked at, tried again or given up by itself. What it keeps is durable when it returns; it may be used beside a
/// ``Disposal``.
struct PartKeeper {
    let root: Directory
    let kept: KeptCount

    /// Keeps a part.
    ///
    /// The same part again, as after an end before its file was committed, replaces itself.
    ///
    /// - Parameters:
    ///   - part: what tells it from the other parts: its number, or a member's path.
    ///   - path: the file's path below the drop directory.
    ///   - reason: why it failed; it gets the part's own name and path.
    /// - Returns: the path below the quarantine under which it is kept.
    @discardableResult
    func keep(
        _ bytes: [UInt8], part: String, of path: RelativePath, reason: QuarantineReason
    ) throws(Trouble) -> RelativePath {
        try Trouble.judge(.keep) { () throws(SystemError) in
            let place = KeepingPlace(.folder(Disposal.quarantine, of: root))
            let parent = path.parent ?? RelativePath("")
            let folder = try place.folder(parent)
            let copies = try root.makeDirectory(Disposal.privateNames)
            let (name, isThere) = try freeName(part, of: path, bytes, in: folder)
            let stored = name.below(parent)
            var own = reason.stored(as: stored)
            own.path = stored.description
            own.pathBytes = stored.isUTF8 ? nil : Hexadecimal.encode(stored.bytes)
            // Written first, so that no part lies there without one.
            try own.write(to: folder, for: name, by: copies)
            guard !isThere else { return stored }
            try folder.write(bytes, to: name, by: copies)
            kept.quarantined(1)
            return stored
        }
    }

    /// Returns the name of a part, and whether it is kept under it already; another part of that name gets its digest.
    private func freeName(
        _ part: String, of path: RelativePath, _ bytes: [UInt8], in folder: Directory
    ) throws(SystemError) -> (RelativePath, isThere: Bool) {
        // A member's path is one name, and a NUL ends it.
        let word = part.utf8.map { $0 == UInt8(ascii: "/") || $0 == 0 ? UInt8(ascii: "_") : $0 }
        let digest = Array("~\(Hexadecimal.encode(SHA256.hash(bytes).prefix(8)))".utf8)
        let whole = Array(path.name) + [UInt8(ascii: "#")] + word
        let limit = Int(NAME_MAX) - digest.count
        let own = RelativePath(bytes: whole.count > limit ? Array(whole[...].cut(to: limit)) + digest : whole)
        guard let status = try folder.status(of: own) else { return (own, false) }
        if status.kind == .regular, status.size == Int64(bytes.count), try content(of: own, in: folder) == bytes {
            return (own, true)
        }
        let other = RelativePath(bytes: whole[...].cut(to: limit) + digest)
        return (other, try folder.status(of: other)?.size == Int64(bytes.count))
    }

    private func content(of name: RelativePath, in folder: Directory) throws(SystemError) -> [UInt8] {
        let file = try folder.open(name)
        return try file.readAll(expected: Int(file.status().size), limit: .max)
    }
}
