import Glibc
import Hashing
import Linux

/// The copy of a file on another file system: complete, verified and durable under its name, or not there at all.
///
/// It is written under a temporary name, synced, read again and compared with the digest in the ledger before it gets its
/// name. An unclean end leaves either the temporary name, which the next start removes, or a whole copy, which the next try
/// finds. The file itself stays where it is.
struct ArchiveCopy {
    /// What came of it.
    enum Result {
        case placed
        /// The file is not the one that was read.
        case changed
        case gone
        /// All names are taken.
        case noName
    }

    let entry: Ledger.Entry
    let root: Directory
    /// Where the file lies now, below the root.
    let source: RelativePath
    let place: KeepingPlace
    private static let pieceSize = 1 << 20
    /// Some file systems keep times to two seconds.
    private static let coarsestTime: Int64 = 2_000_000_000

    /// Copies the file to a folder, under the first of the names that is free.
    func make(in folder: RelativePath, as names: KeptNames) throws(Trouble) -> Result {
        let file: FileDescriptor
        do throws(SystemError) { file = try root.open(source) } catch {
            if error.isOfNothing { return .gone }
            throw Trouble(error, during: .read)
        }
        guard try status(of: file) == entry.identity else { return .changed }
        if try isPlaced(in: folder, as: names, likeAny: file) { return .placed }
        let temporary = RelativePath("\(entry.id)")
        let copies = try Trouble.judge(.keep) { () throws(SystemError) in
            let copies = try place.copiesFolder()
            if try copies.status(of: temporary) != nil { try copies.remove(temporary) }
            return copies
        }
        var isPlaced = false
        defer { if !isPlaced { try? copies.remove(temporary) } }
        guard try write(file, to: copies, temporary) else { return .changed }
        isPlaced = try give(copies, temporary, to: folder, as: names)
        return isPlaced ? .placed : .noName
    }

    /// Writes, syncs and verifies the copy; false where the file changed.
    private func write(
        _ file: borrowing FileDescriptor, to folder: Directory, _ name: RelativePath
    ) throws(Trouble) -> Bool {
        let copy = try Trouble.judge(.keep) { () throws(SystemError) in try folder.create(name) }
        var digest = SHA256()
        var size = 0
        while true {
            let piece = try Trouble.judge(.read) { () throws(SystemError) in
                try file.read(upTo: ArchiveCopy.pieceSize, at: size)
            }
            if piece.isEmpty { break }
            digest.update(piece)
            size += piece.count
            try keep(folder, name) { () throws(SystemError) in try copy.writeAll(piece) }
        }
        // The same bytes as those whose articles are on the log, or it is another file.
        let copied = digest.finish()
        guard size == Int(entry.identity.size), entry.sha256 ?? copied == copied, try status(of: file) == entry.identity
        else { return false }
        try keep(folder, name) { () throws(SystemError) in
            try copy.takeAttributes(of: file)
            try copy.sync()
            // What is verified is what the device gives, where the system lets go of its own copy.
            copy.forgetCached()
            guard try ArchiveCopy.digest(of: copy) == copied else {
                throw SystemError(code: EIO, operation: "verify what was written")
            }
        }
        return true
    }

    /// Gives the verified copy its name; false where all are taken.
    private func give(
        _ copies: Directory, _ temporary: RelativePath, to folder: RelativePath, as names: KeptNames
    ) throws(Trouble) -> Bool {
        try Trouble.judge(.keep) { () throws(SystemError) in
            let directory = try place.folder(folder)
            for name in names {
                do throws(SystemError) {
                    try copies.rename(temporary, to: directory, name)
                } catch  where error.code == EEXIST {
                    continue
                }
                try directory.sync()
                return true
            }
            return false
        }
    }

    /// The copy is there already: the last try ended between giving it its name and removing the file.
    private func isPlaced(
        in folder: RelativePath, as names: KeptNames, likeAny file: borrowing FileDescriptor
    ) throws(Trouble) -> Bool {
        var expected = entry.sha256
        for name in names {
            let found = try Trouble.judge(.keep) { () throws(SystemError) in
                try place.folder(folder).status(of: name)
            }
            guard let found else { return false }
            guard found.kind == .regular, found.size == entry.identity.size,
                abs(found.modified - entry.identity.modified) < ArchiveCopy.coarsestTime
            else { continue }
            if expected == nil {
                expected = try Trouble.judge(.read) { () throws(SystemError) in
                    try ArchiveCopy.digest(of: file)
                }
            }
            let digest = try keep(try Trouble.judge(.keep) { () throws(SystemError) in try place.folder(folder) }, name)
            {
                () throws(SystemError) in try ArchiveCopy.digest(of: try place.folder(folder).open(name))
            }
            if digest == expected { return true }
        }
        return false
    }

    // MARK: Parts

    private func status(of file: borrowing FileDescriptor) throws(Trouble) -> FileIdentity {
        try Trouble.judge(.read) { () throws(SystemError) in FileIdentity(try file.status()) }
    }

    /// Returns the digest of what a file has now.
    static func digest(of file: borrowing FileDescriptor) throws(SystemError) -> [UInt8] {
        var digest = SHA256()
        var size = 0
        while true {
            let piece = try file.read(upTo: pieceSize, at: size)
            if piece.isEmpty { return digest.finish() }
            digest.update(piece)
            size += piece.count
        }
    }

    /// Names the copy in an error of what was done to its descriptor.
    private func keep<Value>(
        _ folder: Directory, _ name: RelativePath, _ body: () throws(SystemError) -> Value
    ) throws(Trouble) -> Value {
        do throws(SystemError) { return try body() } catch {
            let operation = "copy '\(entry.path)' to '\(folder.path)/\(name)': \(error.operation)"
            throw Trouble(SystemError(code: error.code, operation: operation), during: .keep)
        }
    }
}
