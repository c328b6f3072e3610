import Linux

/// Decides by its name whether a file of a drop directory is looked at.
struct Selection: Sendable {
    /// Names that are never articles: what editors, browsers, copy programs and file managers leave.
    private static let junkEndings = [".tmp", ".part", ".partial", ".filepart", ".writing", ".crdownload"].map {
        Array($0.utf8)
    }
    private static let junkNames = ["Thumbs.db", "desktop.ini", "@eaDir", "lost+found"].map { Array($0.utf8) }

    private let include: [String]
    private let exclude: [String]

    init(_ configuration: DropDirectoryConfiguration) {
        include = configuration.include == ["*"] ? [] : configuration.include
        exclude = configuration.exclude
    }

    /// A directory's files are looked at: neither hidden (`.done`, `.quarantine`) nor junk.
    func takesDirectory(_ name: RelativePath) -> Bool {
        let bytes = name.bytes
        guard let first = bytes.first, first != UInt8(ascii: ".") else { return false }
        return !Selection.junkNames.contains { $0.count == bytes.count && bytes.elementsEqual($0) }
    }

    /// A file is looked at. Globs are matched against the name alone, byte by byte.
    func takesFile(_ name: RelativePath) -> Bool {
        guard takesDirectory(name) else { return false }
        let bytes = name.bytes
        guard bytes.first != UInt8(ascii: "~") else { return false }
        for ending in Selection.junkEndings where bytes.count >= ending.count {
            if bytes[(bytes.endIndex - ending.count)...].elementsEqual(ending) { return false }
        }
        if exclude.contains(where: { name.matches(glob: $0) }) { return false }
        return include.isEmpty || include.contains { name.matches(glob: $0) }
    }
}
