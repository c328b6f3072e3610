import Articles
import Testing

/// The expected milliseconds were computed with Python's datetime.
@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", Int64(0)), ("2000-02-29T12:00:00Z", 951_825_600_000),
        ("1900-03-01T00:00:00Z", -2_203_891_200_000), ("2024-02-29T23:59:59Z", 1_709_251_199_000),
        ("1969-12-31T23:59:59Z", -1000), ("1969-12-31T23:59:59.999Z", -1),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000), ("2100-02-28T00:00:00Z", 4_107_456_000_000),
        ("1600-02-29T00:00:00Z", -11_670_998_400_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000),
    ])
    func `a moment is written as it was read`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.milliseconds == milliseconds)
        #expect(Timestamp(milliseconds: milliseconds).description == text)
    }

    @Test(arguments: [
        ("2025-02-26T03:27:00+01:00", "2025-02-26T02:27:00Z"), ("2025-02-26t03:27:00z", "2025-02-26T03:27:00Z"),
        ("2025-02-26 03:27:00Z", "2025-02-26T03:27:00Z"), ("2025-02-26T00:30:00+05:45", "2025-02-25T18:45:00Z"),
        ("2025-12-31T23:30:00-01:00", "2026-01-01T00:30:00Z"), ("2025-02-26T03:27:00-00:00", "2025-02-26T03:27:00Z"),
        ("2025-02-26T03:27:00.2Z", "2025-02-26T03:27:00.200Z"),
        ("2025-02-26T03:27:00.2509999Z", "2025-02-26T03:27:00.250Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2025-02-26T03:27:00.000Z", "2025-02-26T03:27:00Z"),
    ])
    func `other forms of RFC 3339 are read and written in one`(text: String, canonical: String) {
        #expect(Timestamp(text)?.description == canonical)
    }

    @Test(arguments: [
        "2025-02-29T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z",
        "2025-04-31T00:00:00Z", "2025-00-10T00:00:00Z", "2025-13-10T00:00:00Z", "2025-01-00T00:00:00Z",
        "2025-01-32T00:00:00Z", "2025-01-01T24:00:00Z", "2025-01-01T23:60:00Z", "2025-01-01T23:59:61Z",
        "2025-01-01T00:00:00", "2025-01-01T00:00:00.Z", "2025-01-01T00:00:00+1:00", "2025-01-01T00:00:00+24:00",
        "2025-01-01T00:00:00+01:60", "2025-01-01T00:00:00+0100", "2025-01-01T00:00:00ZZ", "2025-1-01T00:00:00Z",
        "20250101T000000Z", "", "2025-01-01", "+025-01-01T00:00:00Z", "2025-01-01T00:00:00.5", "2025/01/01T00:00:00Z",
        "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31T23:59:60Z",
    ])
    func `what is no moment is refused`(text: String) { #expect(Timestamp(text) == nil) }

    @Test func `every day of eight centuries is its own inverse, one after the other`() {
        var day = Timestamp("1600-01-01T00:00:00Z")!.milliseconds
        var isContinuous = true
        while day < 13_569_465_600_000 {
            let text = Timestamp(milliseconds: day).description
            if Timestamp(text)?.milliseconds != day { isContinuous = false }
            day += 86_400_000
        }
        #expect(isContinuous)
        #expect(Timestamp(milliseconds: day).day == "2400-01-01")
    }

    @Test func `moments are ordered as time is`() {
        #expect(Timestamp("1969-12-31T23:59:59.999Z")! < Timestamp("1970-01-01T00:00:00Z")!)
    }
}
