import Linux

/// Names the files that are being parsed, so that one that ends the process (a trap, the out-of-memory killer) is known at
/// the next start. It is a shared mapping of a file: it survives the process, which is all that it must, without a system
/// call a file.
final class InHandNote {
    /// A file that was in hand when the process ended.
    struct Suspect: Hashable {
        var directory: Int64
        var path: RelativePath
    }

    /// What was in hand at the last unclean end; nothing after a clean one.
    let suspects: Set<Suspect>
    private let note: MappedFile
    /// Directory and length, eight bytes each, before the path's bytes.
    private static let header = 16
    /// A line's bytes: one for each reader.
    private static let line = 8 << 10
    /// So many files can be in hand at a time.
    static let lines = 4

    init(path: String) throws(SystemError) {
        note = try MappedFile(path: path, size: InHandNote.lines * InHandNote.line)
        var suspects: Set<Suspect> = []
        for start in stride(from: 0, to: note.size, by: InHandNote.line) {
            let length = note.integer(at: start + 8)
            guard length > 0, length <= InHandNote.line - InHandNote.header else { continue }
            let first = start + InHandNote.header
            let bytes = note.bytes(first..<first + Int(length))
            suspects.insert(Suspect(directory: note.integer(at: start), path: RelativePath(bytes: bytes)))
        }
        self.suspects = suspects
    }

    /// Takes a file in hand, as the one of a reader. Each reader has its own bytes: they may do so at the same time.
    func take(_ directory: Int64, _ path: RelativePath, reader: Int) {
        let start = reader * InHandNote.line
        // No length while the rest is half-written.
        note.set(0, at: start + 8)
        note.set(directory, at: start)
        let bytes = path.bytes.prefix(InHandNote.line - InHandNote.header)
        note.set(bytes, at: start + InHandNote.header)
        note.set(Int64(bytes.count), at: start + 8)
    }

    /// Nothing is in a reader's hand.
    func putDown(reader: Int) { note.set(0, at: reader * InHandNote.line + 8) }
}
