import Linux
import Testing

@Suite struct TemporaryFileTests {
    @Test func `what was added is read from any place, and behind the end is nothing`() throws {
        var file = try TemporaryFile()
        for text in ["first ", "second"] { try Array(text.utf8).withUnsafeBytes { try file.append($0) } }
        #expect(file.count == 12)
        var bytes = [UInt8](repeating: 0, count: 6)
        try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 6) }
        #expect(bytes == Array("second".utf8))
        var isRefused = false
        do { try bytes.withUnsafeMutableBytes { try file.read(into: $0, at: 7) } } catch { isRefused = true }
        #expect(isRefused)
    }
}
