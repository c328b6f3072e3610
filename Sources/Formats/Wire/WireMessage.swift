/// A message as it came over the wire, taken apart at its control characters.
struct WireMessage {
    static let startOfHeader: UInt8 = 0x01
    static let startOfText: UInt8 = 0x02
    static let endOfText: UInt8 = 0x03
    static let endOfTransmission: UInt8 = 0x04

    /// What stands between SOH and STX.
    let header: ArraySlice<UInt8>
    /// What stands between STX and ETX.
    let text: ArraySlice<UInt8>
    /// What stands behind ETX: mostly when it was sent.
    let trailer: ArraySlice<UInt8>
    /// Whether ETX is there.
    let isEnded: Bool

    /// How much may stand before the first message.
    static let noise = 256

    /// Whether a byte keeps the line going, and says nothing: NUL, SYN, DEL and line ends.
    static func isNoise(_ byte: UInt8) -> Bool { [0x00, 0x16, 0x7f, 0x0a, 0x0d, 0x20].contains(byte) }

    /// Takes the bytes of one message, from SOH on; nil where no text begins in it.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard let start = bytes.firstIndex(of: WireMessage.startOfText) else { return nil }
        header = bytes[..<start].dropFirst()
        let rest = bytes[(start + 1)...]
        let end = rest.firstIndex(of: WireMessage.endOfText)
        isEnded = end != nil
        text = rest[..<(end ?? rest.endIndex)].prefix { $0 != WireMessage.endOfTransmission }
        trailer = end.map { rest[($0 + 1)...].prefix { $0 != WireMessage.endOfTransmission } } ?? []
    }
}
