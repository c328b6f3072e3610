import HTTP
import Testing

@testable import Status

@Suite struct HTMLWriterTests {
    @Test func `text is escaped and cannot turn its direction`() {
        var html = HTMLWriter()
        html.foreign("a<b>&\"'\u{202e}x\u{2069}\0\u{85}\né")
        #expect(
            String(decoding: html.bytes, as: UTF8.self)
                == "<bdi>a&lt;b&gt;&amp;&quot;&#39;x\u{fffd}\u{fffd}\né</bdi>")
    }

    @Test func `a text is cut where it is longer than is shown, between two characters`() {
        var html = HTMLWriter()
        html.text("aé\u{1f600}b", atMost: 3)
        html.text("|")
        html.text("aé\u{1f600}b", atMost: 6)
        html.text("|")
        html.text("abc", atMost: 3)
        #expect(String(decoding: html.bytes, as: UTF8.self) == "aé…|aé…|abc")
    }

    @Test func `marks do not stack up`() {
        var html = HTMLWriter()
        html.text("e" + String(repeating: "\u{301}", count: 1000) + "x")
        #expect(String(decoding: html.bytes, as: UTF8.self).unicodeScalars.count == 10)
    }

    @Test(arguments: [
        (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 KB"), (12_345, "12.3 KB"), (999_999, "999 KB"),
        (1_000_000, "1.0 MB"), (20_000_000_000, "20.0 GB"), (3_456_000_000_000, "3.4 TB"),
    ])
    func `sizes are told in their unit`(bytes: Int, text: String) {
        #expect(Wording.size(bytes) == text)
    }

    @Test func `an address has what stands in it, and nothing else`() {
        #expect(percentEncoded("a b/ü&\"'#") == "a%20b%2F%C3%BC%26%22%27%23")
    }

    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567"), (100_000, "100,000")])
    func `numbers have separators of thousands`(number: Int, text: String) {
        #expect(Wording.number(number) == text)
    }

    @Test(arguments: [(0.0, "0"), (0.35, "0.35"), (1.0, "1"), (12.34, "12.3"), (1234.5, "1,235")])
    func `rates are short`(rate: Double, text: String) {
        #expect(Wording.rate(rate) == text)
    }

    @Test(arguments: [(-5, "now"), (999, "now"), (3_000, "3 s ago"), (125_000, "2 min ago"), (7_200_000, "2 h ago")])
    func `times are told by how long ago they were`(milliseconds: Int64, text: String) {
        #expect(Wording.ago(milliseconds) == text)
    }
}
