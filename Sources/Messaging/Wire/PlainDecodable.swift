/// A json frame's content that can be read without Foundation where the frame is plain.
protocol PlainDecodable: Decodable {
    /// Reads an object; nil leaves it to the decoder.
    init?(plain reader: inout PlainReader)
}

extension PlainDecodable {
    /// Reads a frame; nil leaves it to the decoder.
    init?(plainFrame bytes: [UInt8]) {
        guard let read = PlainReader.read(bytes, { Self(plain: &$0) }) else { return nil }
        self = read
    }
}
