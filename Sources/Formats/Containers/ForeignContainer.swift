import Articles

/// A kind of container that is not opened, recognized so that the error can say what to do.
enum ForeignContainer: String {
    case sevenZip = "7z archive"
    case rar = "rar archive"
    case lz4 = "lz4 file"
    case lzip = "lzip file"
    case compress = "file of compress(1)"
    case cabinet = "cabinet"
    case cpio = "cpio archive"
    /// Outlook's `.msg`, and documents of Office before 2007.
    case compoundFile = "message of Outlook, or an old document of Office"

    /// Recognizes one by its signature; nil where there is none. For a text that takes a look at one or two bytes.
    init?(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return nil }
        func begins(_ signature: [UInt8]) -> Bool { bytes.starts(with: signature) }
        switch first {
        case 0x37 where begins([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]): self = .sevenZip
        case 0x52 where begins(Array("Rar!".utf8) + [0x1a, 7]): self = .rar
        case 0x04 where begins([0x04, 0x22, 0x4d, 0x18]): self = .lz4
        case 0x4c where begins(Array("LZIP".utf8) + [1]): self = .lzip
        case 0x1f where begins([0x1f, 0x9d]): self = .compress
        case 0x4d where begins(Array("MSCF".utf8) + [0, 0, 0, 0]): self = .cabinet
        case 0x30 where begins(Array("070701".utf8)) && bytes.contains(0): self = .cpio
        case 0xd0 where begins([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]): self = .compoundFile
        case 0xc7 where begins([0xc7, 0x71]): self = .cpio
        default: return nil
        }
    }

    /// The error of a file that is one.
    var error: ParseError {
        ParseError(
            code: .unknownFormat, format: "-", message: "it is a \(rawValue), which is not opened",
            hint: self == .compoundFile
                ? "save the message as .eml, the document as text or HTML"
                : "pack the files as zip or tar, compressed with gzip, zstd, bzip2 or xz")
    }
}
