/// Messages of news agencies as they came over the wire, by ANPA 1312 or IPTC 7901: one behind the other, each with a
/// header between SOH and STX and a text between STX and ETX.
package struct WireFormat: StreamedFormat {
    static let name = "wire"

    package var name: String { WireFormat.name }

    /// Makes the format.
    package init() {}

    /// A control character that no text has, and the header of a message behind it.
    package func sign(of bytes: [UInt8], name: [UInt8]) -> String? {
        let start = bytes.prefix(WireMessage.noise).drop { WireMessage.isNoise($0) }
        guard start.first == WireMessage.startOfHeader else { return nil }
        let header = start.dropFirst().prefix(16).prefix { $0 > 0x20 && $0 < 0x7f }
        let letters = header.prefix { $0.isLetter }
        guard (1...5).contains(letters.count), header.dropFirst(letters.count).first?.isDigit == true else {
            return nil
        }
        return "it begins with the header of a wire message, behind SOH"
    }

    package func open(_ source: any ByteSource, _ context: FormatContext) -> any PartReader {
        WireReader(source, context)
    }
}
