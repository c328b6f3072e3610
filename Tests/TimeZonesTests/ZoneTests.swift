import Testing
import TimeZones

/// Civil times and their moments.
@Suite struct ZoneTests {
    /// 2025-01-15 12:00:00 as seconds since 1970.
    private let noon: Int64 = 1_736_942_400

    @Test(arguments: [
        ("UTC", 0), ("Etc/UTC", 0), ("Europe/Helsinki", 2), ("America/New_York", -5), ("Asia/Tokyo", 9),
        ("Etc/GMT+3", -3),
    ])
    func `a zone is found by its name`(name: String, hours: Int64) throws {
        let zone = try #require(Zone(name))
        #expect(zone.name == name)
        #expect(zone.moments(ofCivil: noon) == .unique(noon - hours * 3600))
    }

    @Test func `summer has another offset than winter`() throws {
        let july = noon + 181 * 86_400
        #expect(try #require(Zone("Europe/Helsinki")).moments(ofCivil: july) == .unique(july - 3 * 3600))
    }

    @Test func `a time that clocks skip is taken by the offset before the change`() throws {
        // 2025-03-30 02:30:00 in Berlin, between 02:00 +01:00 and 03:00 +02:00: as 01:30 UTC, which is 03:30 +02:00.
        let civil: Int64 = 1_743_301_800
        #expect(try #require(Zone("Europe/Berlin")).moments(ofCivil: civil) == .skipped(civil - 3600))
    }

    @Test func `a time that clocks show twice is the first of the two`() throws {
        // 2025-10-26 02:30:00 in Berlin: 00:30 UTC in summer time, and an hour later again.
        let civil: Int64 = 1_761_445_800
        #expect(try #require(Zone("Europe/Berlin")).moments(ofCivil: civil) == .repeated(civil - 7200))
    }

    @Test(arguments: [-62_167_219_200 as Int64, 253_402_300_799])
    func `the first and the last year that a date can have are in every zone`(civil: Int64) throws {
        guard case .unique(let moment) = try #require(Zone("Asia/Tokyo")).moments(ofCivil: civil) else {
            Issue.record("the time is not unique")
            return
        }
        #expect(abs(civil - moment) < 86_400)
    }

    @Test(arguments: [
        "", "europe/helsinki", "Europe/Atlantis", "CEST", "/usr/share/zoneinfo/Europe/Helsinki", "../passwd",
        "right/UTC",
        "Fixed/UTC+01:00:00", "libc:localtime", "Europe", "tzdata.zi", "Europe/Helsinki\u{0}",
    ])
    func `what the database does not name is no zone`(name: String) { #expect(Zone(name) == nil) }

    @Test func `the database's names are all zones`() {
        let names = Zone.names()
        #expect(names.count > 400)
        #expect(names.contains("Europe/Helsinki") && names.contains("US/Pacific"))
        #expect(names.filter { Zone($0) == nil } == [])
    }
}
