import Testing

@testable import TOML

@Suite struct QuantityTests {
    @Test(arguments: [
        ("200ms", Duration.milliseconds(200)), ("1s", .seconds(1)), ("10m", .seconds(600)), ("2h", .seconds(7200)),
        ("30d", .seconds(30 * 86400)), ("0s", .zero), ("5 s", .seconds(5)),
    ])
    func `a duration is a whole number and a unit`(text: String, expected: Duration) {
        #expect(ConfiguredDuration(text)?.duration == expected)
    }

    @Test(arguments: [
        "", "s", "5", "-1s", "1.5s", "1S", "1m30s", "9223372036854775807d", "99999999999999999999s", "1  s",
    ])
    func `anything else is no duration`(text: String) {
        #expect(ConfiguredDuration(text) == nil)
    }

    @Test(arguments: ["200ms", "1s", "90s", "10m", "36h", "30d", "0s"])
    func `a duration is shown as it would be written`(text: String) {
        #expect(ConfiguredDuration(text)?.description == text)
    }

    @Test(arguments: [
        ("512", 512), ("512B", 512), ("1kB", 1000), ("1KiB", 1024), ("64MiB", 64 << 20), ("10MB", 10_000_000),
        ("20GiB", 20 << 30), ("1 TiB", 1 << 40), ("0", 0),
    ])
    func `a size is a whole number and perhaps a unit`(text: String, expected: Int) {
        #expect(ByteSize(text)?.bytes == expected)
    }

    @Test(arguments: ["", "MiB", "-1", "1.5MiB", "1mib", "9223372036854775807TiB", "99999999999999999999"])
    func `anything else is no size`(text: String) {
        #expect(ByteSize(text) == nil)
    }

    @Test(arguments: ["64MiB", "10MB", "20GiB", "1000KiB", "513B", "0B", "1GiB"])
    func `a size is shown as it would be written`(text: String) {
        #expect(ByteSize(text)?.description == text)
    }

    @Test(arguments: [
        ("sorce", ["source", "path"], "source"), ("pathh", ["source", "path"], "path"), ("ab", ["xy"], nil),
        ("retention", ["detention", "retentions"], "detention"), ("x", ["y"], nil), ("poll", [], nil),
    ])
    func `the nearest candidate is at most two edits away`(word: String, candidates: [String], expected: String?) {
        #expect(nearest(to: word, in: candidates) == expected)
    }
}
