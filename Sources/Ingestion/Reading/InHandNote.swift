import Linux

/// Names the file that is being parsed, so that a file that ends the process (a trap, the out-of-memory killer) is known at
/// the next start. It is a shared mapping of a file: it survives the process, which is all that it must, without a system
/// call a file.
final class InHandNote {
    /// A file that was in hand when the process ended.
    struct Suspect: Equatable {
        var directory: Int64
        var path: RelativePath
    }

    /// What was in hand at the last unclean end; nil after a clean one.
    let suspect: Suspect?
    private let note: MappedFile
    /// Directory and length, eight bytes each, before the path's bytes.
    private static let header = 16

    init(path: String) throws(SystemError) {
        note = try MappedFile(path: path, size: 16 << 10)
        let length = note.integer(at: 8)
        if length > 0, length <= note.size - InHandNote.header {
            let bytes = note.bytes(InHandNote.header..<InHandNote.header + Int(length))
            suspect = Suspect(directory: note.integer(at: 0), path: RelativePath(bytes: bytes))
        } else {
            suspect = nil
        }
    }

    /// Takes a file in hand.
    func take(_ directory: Int64, _ path: RelativePath) {
        // No length while the rest is half-written.
        note.set(0, at: 8)
        note.set(directory, at: 0)
        let bytes = path.bytes.prefix(note.size - InHandNote.header)
        note.set(bytes, at: InHandNote.header)
        note.set(Int64(bytes.count), at: 8)
    }

    /// Nothing is in hand.
    func putDown() { note.set(0, at: 8) }
}
