import XML

/// The named characters of HTML 4, and numbers that mean characters of windows-1252.
enum HTMLEntities {
    /// Returns the character of a name without `&` and `;`.
    static func character(_ name: String) -> Character? { HTMLTree.character(ofEntity: name).map { Character($0) } }

    /// What browsers read for the numbers of control characters.
    static let windows1252: [UInt32: Unicode.Scalar] = [
        0x80: "€", 0x82: "‚", 0x83: "ƒ", 0x84: "„", 0x85: "…", 0x86: "†", 0x87: "‡", 0x88: "ˆ", 0x89: "‰", 0x8a: "Š",
        0x8b: "‹", 0x8c: "Œ", 0x8e: "Ž", 0x91: "‘", 0x92: "’", 0x93: "“", 0x94: "”", 0x95: "•", 0x96: "–", 0x97: "—",
        0x98: "˜", 0x99: "™", 0x9a: "š", 0x9b: "›", 0x9c: "œ", 0x9e: "ž", 0x9f: "Ÿ",
    ]
}
