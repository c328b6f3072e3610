import Glibc
import Linux

/// Decides by its name whether a file of a drop directory is looked at.
struct Selection: Sendable {
    /// Names that are never articles: what editors, browsers, copy programs and file managers leave.
    private static let junk = ["*.tmp", "*.part", "*.partial", "*.filepart", "*.writing", "*.crdownload", "~*"]
    private static let junkNames = ["Thumbs.db", "desktop.ini", "@eaDir", "lost+found"]

    private let include: [String]
    private let exclude: [String]

    init(_ configuration: DropDirectoryConfiguration) {
        include = configuration.include == ["*"] ? [] : configuration.include
        exclude = configuration.exclude
    }

    /// A directory's files are looked at: neither hidden (`.done`, `.quarantine`) nor junk.
    func takesDirectory(_ name: [UInt8]) -> Bool {
        name.first != UInt8(ascii: ".") && !Selection.junkNames.contains { $0.utf8.elementsEqual(name) }
    }

    /// A file is looked at. Globs are matched against the name alone, byte by byte.
    func takesFile(_ name: [UInt8]) -> Bool {
        guard takesDirectory(name) else { return false }
        return (name + [0]).withUnsafeBytes { bytes in
            let text = bytes.baseAddress!.assumingMemoryBound(to: CChar.self)
            func matches(_ glob: String) -> Bool { fnmatch(glob, text, 0) == 0 }
            if Selection.junk.contains(where: matches) || exclude.contains(where: matches) { return false }
            return include.isEmpty || include.contains(where: matches)
        }
    }
}
