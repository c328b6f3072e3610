extension [UInt8] {
    /// Whether a name ends so, in upper or lower case; `ending` is ASCII.
    func hasEnding(_ ending: String) -> Bool {
        count >= ending.utf8.count && zip(suffix(ending.utf8.count), ending.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
}

/// A member's path in its container: bytes, which need not be UTF-8.
struct MemberPath {
    /// What is wrong with a path.
    enum Fault: String {
        case empty = "it has no path"
        case absolute = "its path is absolute"
        case leadsOut = "its path leads out of the container"
        case hasNUL = "its path has a NUL"
        case tooLong = "its path is longer than 4096 bytes"
    }

    private static let maximumBytes = 4096
    private static let slash = UInt8(ascii: "/")

    /// The parts between the slashes, without empty ones and `.`.
    let parts: [ArraySlice<UInt8>]
    let fault: Fault?

    init(_ bytes: [UInt8]) {
        parts = bytes.split(separator: MemberPath.slash).filter { !$0.elementsEqual(".".utf8) }
        fault =
            if bytes.count > MemberPath.maximumBytes {
                .tooLong
            } else if bytes.contains(0) {
                .hasNUL
            } else if bytes.first == MemberPath.slash {
                .absolute
            } else if parts.contains(where: { $0.elementsEqual("..".utf8) }) {
                .leadsOut
            } else if parts.isEmpty {
                .empty
            } else {
                nil
            }
    }

    /// The parts joined again.
    var bytes: [UInt8] { Array(parts.joined(separator: [MemberPath.slash])) }

    /// The last part.
    var name: [UInt8] { parts.last.map(Array.init) ?? [] }

    /// Whether the member, or a directory that it is in, is no article by its name: what the rules call junk, and what
    /// macOS adds to archives.
    func isJunk(_ rules: ContainerRules) -> Bool {
        parts.contains { part in
            if part.elementsEqual("..".utf8) { return false }
            return part.elementsEqual("__MACOSX".utf8) || part.starts(with: "._".utf8) || rules.isJunk(part)
        }
    }

    /// Returns a name without the ending of a compressed file: `a.txt.gz` gives `a.txt`, `a.tgz` gives `a.tar`.
    static func withoutCompression(_ name: [UInt8]) -> [UInt8] {
        for (ending, replacement) in endings where name.count > ending.utf8.count {
            if name.hasEnding(ending) {
                return name.dropLast(ending.utf8.count) + Array(replacement.utf8)
            }
        }
        return name
    }

    private static let endings = [
        (".gz", ""), (".zst", ""), (".bz2", ""), (".xz", ""), (".lzma", ""), (".gzip", ""), (".zstd", ""),
        (".tgz", ".tar"), (".tzst", ".tar"), (".tbz2", ".tar"), (".tbz", ".tar"), (".txz", ".tar"), (".tlz", ".tar"),
    ]
}
