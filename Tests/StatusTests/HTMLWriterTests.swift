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
