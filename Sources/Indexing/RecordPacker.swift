import Archives

/// Records as the archive stores them: compressed, each by itself, so that one is read without others.
///
/// A stored record begins with the number of its form, then its size as a varint, then raw deflate with the dictionary of that
/// form. One that begins with `{` stands as it came: so earlier versions stored all of them, and what compression would not
/// make smaller still is.
package final class RecordPacker {
    /// A stored record that cannot be read.
    package struct Unreadable: Error, CustomStringConvertible {
        package let description: String
    }

    private static let form: UInt8 = 1
    private static let plain = UInt8(ascii: "{")

    /// What most records have in common. It must never change: another one is another form.
    private static let dictionary = Array(
        #"""
        one two three other than been after before more over under between against their they he she his her who what when \#
        where there about also could should may can no not or but if so per cent pct dlrs mln billion million year years month \#
        week today yesterday president minister government company market bank prices trade state new last first people said \#
        the said it would of the in the to the on the for the and the at the with the from the by the that the is a was a has \#
        been have been will be ."}],"version":"1","subtitle":"","slugline":"","abstract":"","bylines":["By ","dateline":"","\#
        section":"","genres":["keywords":["people":[{"name":"","organisations":[{"name":"","places":[{"name":"","subjects":[{\#
        "name":"","uri":"","scheme":"","relevance":"media":[{"href":"https://www.","content_type":"image/jpeg","caption":"","\#
        credit":"","url":"https://www.","links":[{"rel":"","ext":{"updated":"2026-","created":"2026-","urgency":"copyright":"\#
        usage_terms":"","body_html":"<p></p>\n<p>"."\n\n.\n\n"{"v":1,"type":"article","id":"","source":"","uri":"urn:","kind":\#
        "text","pub_status":"usable","title":"","body":"","language":"en","published":"2026-01-01T00:00:00Z","published_raw":"\#
        2026-","tz_assumed":"UTC","ingest":{"path":"","sha256":"","part":1,"bytes":,"format":"native","encoding":"utf-8","\#
        received":"2026-01-01T00:00:00.000Z","warnings":["language_confidence":0.99}}
        """#.utf8)

    private let packer = Packer(dictionary: dictionary)

    /// Makes one, for one thread at a time.
    package init() {}

    /// Returns a record as it is stored.
    package func stored(_ record: [UInt8]) -> [UInt8] {
        var stored = [RecordPacker.form]
        var size = record.count
        while size >= 0x80 {
            stored.append(UInt8(truncatingIfNeeded: size) | 0x80)
            size >>= 7
        }
        stored.append(UInt8(size))
        packer.append(record, to: &stored)
        return record.first == RecordPacker.plain && stored.count >= record.count ? record : stored
    }

    /// Returns the record that was stored.
    package func record(_ stored: [UInt8]) throws -> [UInt8] {
        guard let form = stored.first, form != RecordPacker.plain else { return stored }
        guard form == RecordPacker.form else {
            throw Unreadable(description: "a record of the archive has the form \(form), which a later version made")
        }
        var size = 0
        var place = 1
        while place < min(stored.count, 6) {
            size |= Int(stored[place] & 0x7f) << (7 * (place - 1))
            place += 1
            if stored[place - 1] < 0x80 { break }
        }
        return try packer.unpack(stored.span.extracting(place..<stored.count), count: size)
    }
}
