import Articles
import Testing
import TimeZones

@testable import Formats

@Suite struct DateReaderTests {
    private func moment(_ text: String, _ language: String = "en", zone: Zone = .utc) -> String? {
        DateReader.date(in: text, language: language)?.resolved(in: zone, received: Timestamp(milliseconds: 0))
            .moment?.description
    }

    @Test(arguments: [
        ("2021-03-03T17:04:00-05:00", "2021-03-03T22:04:00Z"), ("2021-03-03T17:04:00.250Z", "2021-03-03T17:04:00.250Z"),
        ("2021-03-03 17:04", "2021-03-03T17:04:00Z"), ("2021-03-03", "2021-03-03T00:00:00Z"),
        ("2021/3/3", "2021-03-03T00:00:00Z"), ("20210303", "2021-03-03T00:00:00Z"),
        ("20210303T170400Z", "2021-03-03T17:04:00Z"), ("20210303170400", "2021-03-03T17:04:00Z"),
        ("Wed, 03 Mar 2021 17:04:00 GMT", "2021-03-03T17:04:00Z"),
        ("Wed, 3 Mar 2021 17:04:00 +0100", "2021-03-03T16:04:00Z"),
        ("Wed Mar 03 2021 17:04:00 GMT+0200", "2021-03-03T15:04:00Z"), ("1614791040", "2021-03-03T17:04:00Z"),
        ("1614791040250", "2021-03-03T17:04:00.250Z"), ("2021-03-03T17:04:00:684Z", "2021-03-03T17:04:00Z"),
        ("2021-03-03T17:04:00+05:30", "2021-03-03T11:34:00Z"),
    ]) func `a machine's date is read`(_ text: String, _ expected: String) {
        #expect(moment(text) == expected)
    }

    @Test(arguments: [
        ("March 3, 2021 at 5:04 pm", "2021-03-03T17:04:00Z"), ("Mar. 3rd, 2021", "2021-03-03T00:00:00Z"),
        ("Posted on 3 March 2021 by Ann Lee", "2021-03-03T00:00:00Z"), ("3rd of March 2021", "2021-03-03T00:00:00Z"),
        ("Updated: 12:00 a.m., March 3, 2021", "2021-03-03T00:00:00Z"), ("2021 March 3", "2021-03-03T00:00:00Z"),
        ("03-Mar-2021", "2021-03-03T00:00:00Z"), ("03-Mar-21", "2021-03-03T00:00:00Z"),
        ("March 3, 2021 12:30 p.m.", "2021-03-03T12:30:00Z"), ("March 3, 2021 5 pm", "2021-03-03T17:00:00Z"),
        ("17:04, 3 March 2021", "2021-03-03T17:04:00Z"), ("26 | 01 | 2022", "2022-01-26T00:00:00Z"),
        ("March 3, 2021 at 5:04 pm ET", "2021-03-03T22:04:00Z"), ("July 3, 2021 at 5:04 pm ET", "2021-07-03T21:04:00Z"),
        ("Wed Mar 03 17:04:00 CET 2021", "2021-03-03T16:04:00Z"), ("Mar 3 17:04 2021", "2021-03-03T17:04:00Z"),
        ("March 3, 2021 5:04 PM PST", "2021-03-04T01:04:00Z"), ("3 March 2021 17:04 CET", "2021-03-03T16:04:00Z"),
    ]) func `a person's date is read`(_ text: String, _ expected: String) {
        #expect(moment(text) == expected)
    }

    @Test(arguments: [
        ("3. März 2021, 17.04 Uhr", "de"), ("Mittwoch, 3. Mrz. 2021 17:04 Uhr", "de"), ("le 3 mars 2021 à 17h04", "fr"),
        ("3 de marzo de 2021, 17:04", "es"), ("3 de março de 2021 às 17h04", "pt"), ("3 marzo 2021 alle 17:04", "it"),
        ("3 maart 2021 17:04", "nl"), ("3 mars 2021 kl. 17.04", "sv"), ("3. marts 2021 kl. 17.04", "da"),
        ("3. mars 2021 17:04", "nb"), ("3. maaliskuuta 2021 17:04", "fi"), ("3 marca 2021, 17:04", "pl"),
        ("3. března 2021 17:04", "cs"), ("3. marca 2021 17:04", "sk"), ("2021. március 3. 17:04", "hu"),
        ("3 martie 2021 17:04", "ro"), ("3. ožujka 2021. 17:04", "hr"), ("3. марта 2021. 17:04", "sr"),
        ("3 март 2021 17:04", "bg"), ("3 марта 2021, 17:04", "ru"), ("3 березня 2021, 17:04", "uk"),
        ("3 Μαρτίου 2021, 17:04", "el"), ("3 Mart 2021 17:04", "tr"), ("2021 m. kovo 3 d. 17:04", "lt"),
        ("2021. gada 3. martā 17:04", "lv"), ("3. märts 2021 17:04", "et"), ("3 Maret 2021, 17:04", "id"),
        ("3 tháng 3, 2021 17:04", "vi"), ("3 مارس 2021 17:04", "ar"), ("٣ مارس ٢٠٢١ 17:04", "ar"),
        ("3 במרץ 2021 17:04", "he"), ("3 मार्च 2021 17:04", "hi"), ("৩ মার্চ ২০২১, ১৭:০৪", "bn"),
        ("3 มีนาคม 2564 17:04", "th"), ("3 de març de 2021 17:04", "ca"), ("2021年3月3日 17:04", "ja"),
        ("2021年3月3日17时04分", "zh"), ("2021년 3월 3일 오후 5:04", "ko"), ("2021-03-03 下午5:04", "zh"),
        ("3 de marzo de 2021 17:04", "gl"),
    ]) func `a date is read in the page's language`(_ text: String, _ language: String) {
        #expect(moment(text, language) == "2021-03-03T17:04:00Z")
    }

    @Test(arguments: [
        ("03/04/2021", "en", "2021-03-04"), ("03/04/2021", "en-US", "2021-03-04"),
        ("03/04/2021", "en-GB", "2021-04-03"),
        ("03/04/2021", "fr", "2021-04-03"), ("03/04/21", "es", "2021-04-03"), ("3.4.2021", "en", "2021-04-03"),
        ("13/04/2021", "en", "2021-04-13"), ("04/13/2021", "fr", "2021-04-13"), ("03-04-2021", "nl", "2021-04-03"),
        ("3. 4. 2021", "cs", "2021-04-03"), ("31.12.99", "de", "1999-12-31"),
    ]) func `the language decides the order of a numeric date`(_ text: String, _ language: String, _ day: String) {
        #expect(moment(text, language) == day + "T00:00:00Z")
    }

    @Test func `one word names two months, and the language says which`() {
        #expect(moment("5. listopada 2021", "hr") == "2021-10-05T00:00:00Z")
        #expect(moment("5 listopada 2021", "pl") == "2021-11-05T00:00:00Z")
    }

    @Test(arguments: [
        "", "no date at all", "32 March 2021", "2021-13-45", "31.02.2021", "Room 12.30", "version 1.2.3", "1/2",
        "£3.50",
        "May be", "in March", "99999999", "0000-00-00", "12:30", "call 555-1234",
        String(repeating: "1", count: 5000), String(repeating: "- ", count: 5000),
    ]) func `what is no date is none`(_ text: String) {
        #expect(moment(text) == nil)
    }

    @Test func `a zone is assumed where none is said`() throws {
        let berlin = try #require(Zone("Europe/Berlin"))
        let received = Timestamp(milliseconds: 2_000_000_000_000)
        let plain = try #require(DateReader.date(in: "3. März 2021, 17.04 Uhr", language: "de"))
        #expect(plain.resolved(in: berlin, received: received).moment?.description == "2021-03-03T16:04:00Z")
        #expect(plain.resolved(in: berlin, received: received).assumedZone == "Europe/Berlin")
        let said = try #require(DateReader.date(in: "2021-03-03T17:04:00Z", language: "de"))
        #expect(said.resolved(in: berlin, received: received).assumedZone == nil)
        let named = try #require(DateReader.date(in: "March 3, 2021 5:04 pm ET", language: "en"))
        #expect(named.resolved(in: berlin, received: received).assumedZone == nil)
        #expect(named.resolved(in: berlin, received: Timestamp(milliseconds: 0)).warnings == ["date_future"])
    }

    @Test func `a date cut anywhere does no harm`() {
        let text = "Wed, 3 Mar 2021 17:04:00.123 +0100 (CET)"
        for count in 0...text.count { _ = moment(String(text.prefix(count))) }
    }
}
