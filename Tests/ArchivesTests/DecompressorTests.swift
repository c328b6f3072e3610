import Archives
import TestSupport
import Testing

@Suite struct DecompressorTests {
    private static let text = Array(String(repeating: "A headline\n\nAnd a text.\n", count: 500).utf8)

    @Test(arguments: [1, 3, 65_536]) func `gzip comes whole, in whatever pieces the input does`(piece: Int) throws {
        let bytes = SampleGzip.compress(Self.text) + SampleGzip.compress([]) + SampleGzip.compress(Self.text)
        #expect(try Decompressor(.gzip, PieceInput(bytes, piece: piece)).readAll() == Self.text + Self.text)
    }

    @Test func `what the input throws is thrown as it is`() throws {
        let bytes = SampleGzip.compress(Self.text)
        for place in 0..<bytes.count {
            let decompressor = Decompressor(.gzip, PieceInput(bytes, piece: 1, failsAt: place))
            #expect(throws: PieceInput.Broken.self) { _ = try decompressor.readAll() }
            #expect(decompressor.isDead)
        }
    }

    @Test(arguments: Compression.allCases) func `what is not compressed is an error of the format`(
        compression: Compression
    ) throws {
        let error = #expect(throws: ArchiveError.self) {
            _ = try Decompressor(compression, PieceInput(Array("This is a text, and nothing else.".utf8))).readAll()
        }
        #expect(error?.operation == "decompress \(compression)")
    }

    @Test(arguments: Compression.allCases) func `nothing at all is an error`(compression: Compression) throws {
        let error = #expect(throws: ArchiveError.self) { _ = try Decompressor(compression, PieceInput([])).readAll() }
        #expect(error?.isTruncated == true)
    }

    @Test func `a bit that is wrong is noticed, or changes nothing`() throws {
        let text = Array("A headline\n\nAnd a text.\n".utf8)
        let bytes = SampleGzip.compress(text)
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            // The time or the system, for example, say nothing about the content.
            let content = try? Decompressor(.gzip, PieceInput(damaged)).readAll()
            #expect(content == nil || content == text, "bit \(bit)")
        }
    }
}
