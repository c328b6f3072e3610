import Glibc
import Linux

/// One scan of a drop directory: lists it and what lies below, and looks at what may be a file to take.
struct DirectoryScanner {
    private let drop: DropDirectory
    private let now: Readiness.Moment
    /// What is no regular file.
    private(set) var irregular: Set<RelativePath> = []
    /// Every directory that was listed.
    private(set) var folders: Set<RelativePath> = []

    init(_ drop: DropDirectory, now: Readiness.Moment) {
        self.drop = drop
        self.now = now
    }

    /// Lists a directory, `depth` levels deep, and those below.
    mutating func scan(_ directory: Directory, _ path: RelativePath, depth: Int) throws(SystemError) {
        folders.insert(path)
        // Before the listing, so that nothing falls between the two.
        drop.watch(directory, path)
        for entry in try directory.entries() {
            let entryPath = entry.name.below(path)
            var kind = entry.kind
            var status: FileStatus?
            if kind == nil || kind == .regular {
                guard kind == nil || drop.selection.takesFile(entry.name, in: path) else { continue }
                // What waits for its turn is looked at when that comes.
                if kind == .regular, !drop.looksAtAll, drop.see(entryPath) == .waiting { continue }
                status = try directory.status(of: entry.name)
                kind = status?.kind
            }
            switch kind {
            case .regular:
                guard let status, drop.selection.takesFile(entry.name, in: path) else { continue }
                drop.note(entryPath, status, nil, now: now)
                _ = drop.see(entryPath)
            case .directory:
                guard drop.configuration.isRecursive, depth < drop.configuration.maximumDepth,
                    drop.selection.takesDirectory(entry.name, in: path)
                else { continue }
                do {
                    try scan(directory.directory(entry.name), entryPath, depth: depth + 1)
                } catch  where [ENOENT, ENOTDIR, ELOOP].contains(error.code) {
                    // It went, or something else has its name; the next scan tells.
                } catch  where [EACCES, EPERM, EIO, ENAMETOOLONG].contains(error.code) {
                    noteIrregular(entryPath, error.description)
                }
            case nil: continue
            case .some(let other):
                guard drop.selection.takesFile(entry.name, in: path) else { continue }
                noteIrregular(entryPath, other.rawValue)
            }
        }
    }

    private mutating func noteIrregular(_ path: RelativePath, _ what: String) {
        irregular.insert(path)
        drop.noteIrregular(path, what)
    }
}
