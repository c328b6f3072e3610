import Archives

/// A kind of container, recognized by its first bytes.
enum ContainerKind: Equatable {
    case compressed(Compression)
    case archive(ArchiveReader.Format)

    /// How many bytes are looked at.
    static let sniffedBytes = 512

    /// The word for it in `format`.
    var name: String {
        switch self {
        case .compressed(let compression): compression.rawValue
        case .archive(let format): format.rawValue
        }
    }

    /// By what it is known, as people read it.
    var sign: String {
        self == .archive(.tar)
            ? "it begins with the header of a tar's member" : "it begins with the signature of \(name)"
    }

    /// Recognizes a container by the bytes with which it begins; nil where it is none. For most texts that takes a look at
    /// two or three bytes.
    ///
    /// - Parameters:
    ///   - start: ``sniffedBytes`` of it, or all where it is shorter.
    ///   - name: its name, which tells where there is too little of it to be told by its content.
    init?(_ start: [UInt8], name: [UInt8]) {
        guard let first = start.first else { return nil }
        switch first {
        case 0x1f where start.starts(with: [0x1f, 0x8b, 8]): self = .compressed(.gzip)
        case 0x28 where start.starts(with: [0x28, 0xb5, 0x2f, 0xfd]): self = .compressed(.zstd)
        // A frame that decoders skip, with which some writers begin.
        case 0x50...0x5f where start.dropFirst().starts(with: [0x2a, 0x4d, 0x18]): self = .compressed(.zstd)
        case 0x42 where ContainerKind.isBzip2(start): self = .compressed(.bzip2)
        case 0xfd where start.starts(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]): self = .compressed(.xz)
        case 0x5d where ContainerKind.isLZMA(start): self = .compressed(.lzma)
        case 0x50 where ContainerKind.isZip(start): self = .archive(.zip)
        default:
            if TarHeader.begins(start) {
                self = .archive(.tar)
            } else if start.count < TarHeader.size, let cut = ContainerKind.cut(start, name: name) {
                self = cut
            } else {
                return nil
            }
        }
    }

    /// Recognizes a container that is cut before its content says what it is, by its name.
    private static func cut(_ start: [UInt8], name: [UInt8]) -> ContainerKind? {
        for (ending, kind, signature) in endings where name.count > ending.utf8.count {
            guard name.hasEnding(ending) else { continue }
            let isBeginning =
                signature.isEmpty ? start.first != 0 : start.count < 14 && zip(start, signature).allSatisfy(==)
            return isBeginning ? kind : nil
        }
        return nil
    }

    /// The endings of names, and what must be there of the signature.
    private static let endings: [(String, ContainerKind, [UInt8])] = [
        (".gz", .compressed(.gzip), [0x1f, 0x8b]), (".tgz", .compressed(.gzip), [0x1f, 0x8b]),
        (".zst", .compressed(.zstd), [0x28, 0xb5, 0x2f]), (".tzst", .compressed(.zstd), [0x28, 0xb5, 0x2f]),
        (".bz2", .compressed(.bzip2), Array("BZh".utf8)), (".tbz2", .compressed(.bzip2), Array("BZh".utf8)),
        (".xz", .compressed(.xz), [0xfd, 0x37, 0x7a]), (".txz", .compressed(.xz), [0xfd, 0x37, 0x7a]),
        (".lzma", .compressed(.lzma), [0x5d, 0, 0]), (".zip", .archive(.zip), Array("PK".utf8)),
        // The first thing in a tar is the path of its first member.
        (".tar", .archive(.tar), []),
    ]

    private static func isBzip2(_ start: [UInt8]) -> Bool {
        guard start.count >= 10 else { return false }
        guard start[1] == UInt8(ascii: "Z"), start[2] == UInt8(ascii: "h"),
            (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(start[3])
        else { return false }
        // The first block, or the end of an empty stream.
        return start[4..<10].elementsEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
            || start[4..<10].elementsEqual([0x17, 0x72, 0x45, 0x38, 0x50, 0x90])
    }

    /// There is no signature: the usual properties, a dictionary of two or three times a power of two up to 128 MiB (which
    /// is what a decoder takes memory for), and a size of the content that is unknown or below 1 TiB.
    private static func isLZMA(_ start: [UInt8]) -> Bool {
        guard start.count >= 13, start[1] == 0, start[2] == 0, start[4] <= 8 else { return false }
        let dictionary = UInt16(start[3]) | UInt16(start[4]) << 8
        let size = start[5..<13]
        return (1...2).contains(dictionary.nonzeroBitCount)
            && (size.allSatisfy { $0 == 0xff } || size.suffix(3).allSatisfy { $0 == 0 })
    }

    private static func isZip(_ start: [UInt8]) -> Bool {
        guard start.count >= 4, start[1] == UInt8(ascii: "K") else { return false }
        switch (start[2], start[3]) {
        case (3, 4), (5, 6): return true
        // The mark of a zip in several pieces, also where there is one piece alone.
        case (7, 8), (0x30, 0x30): return start.dropFirst(4).starts(with: [0x50, 0x4b, 3, 4])
        default: return false
        }
    }
}
