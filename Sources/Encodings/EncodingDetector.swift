import CUchardet

/// Tells the encoding of text that does not say its own, from which bytes are frequent and which follow each other.
package enum EncodingDetector {
    /// Returns the encoding of `bytes`; nil where nothing fits. The corresponding C functions are `uchardet_handle_data`
    /// and `uchardet_get_charset`.
    package static func encoding(of bytes: some Collection<UInt8>) -> TextEncoding? {
        // Pure ASCII is most of a page and says nothing: a run of it is cut short, so that the limit is spent on the rest.
        var sample: [UInt8] = []
        sample.reserveCapacity(limit)
        var plain = 0
        for byte in bytes {
            plain = byte < 0x80 && byte != 0x1b ? plain + 1 : 0
            guard plain <= 16 else { continue }
            sample.append(byte)
            if sample.count == limit { break }
        }
        guard let detector = uchardet_new() else { return nil }
        defer { uchardet_delete(detector) }
        let result = sample.withUnsafeBytes { sample in
            uchardet_handle_data(detector, sample.baseAddress?.assumingMemoryBound(to: CChar.self), sample.count)
        }
        guard result == 0 else { return nil }
        uchardet_data_end(detector)
        guard let name = uchardet_get_charset(detector), name.pointee != 0 else { return nil }
        return TextEncoding(label: String(cString: name))
    }

    /// Returns the encoding of bytes that are not UTF-8: what they look like, else what the web calls Latin-1.
    package static func guess(of bytes: some Collection<UInt8>) -> TextEncoding {
        let encoding = encoding(of: bytes) ?? .windows1252
        return encoding == .utf8 ? .windows1252 : encoding
    }

    /// More does not make it surer.
    private static let limit = 65_536
}
