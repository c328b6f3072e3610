import Testing

@testable import LanguageDetection

@Suite struct Base64Tests {
    @Test func `bytes come back, whatever stands between the digits`() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 89 &+ 200) }
            let text = Base64.encode(bytes)
            #expect(Base64.decode(Array(text.utf8)) == bytes)
            #expect(Base64.decode(Array(text.map { "\($0)\n" }.joined().utf8)) == bytes)
        }
        #expect(Base64.encode(Array("Dropwire".utf8)) == "RHJvcHdpcmU")
    }
}
