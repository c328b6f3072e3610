import Formats
import Hashing

/// A part of a file that gave no article.
struct FailedPiece {
    /// Its place in the file, from 1.
    let number: Int
    /// The member's path, where the file is a container.
    let member: String?
    let error: ParseError
    /// Its own bytes, where it can be kept apart; nil where it is only in the whole file.
    let bytes: [UInt8]?
    /// Of its own bytes.
    let sha256: [UInt8]?
    /// What tells an entry of a feed again; nil for other parts.
    let entryKey: [UInt8]?
    /// It lies in the quarantine as a file of its own.
    var isKept = false

    init(_ part: ParsedPart, _ error: ParseError) {
        number = part.number
        member = part.member
        self.error = error
        bytes = part.bytes
        sha256 = part.bytes.map { SHA256.hash($0) }
        entryKey = part.identity.map { Array(SHA256.hash($0).prefix(16)) }
    }
}
