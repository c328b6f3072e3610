/// The name of a site in the titles of its pages: `Headline | Section - Site`.
enum SiteName {
    /// What parts a headline from a site's name; a space stands on both sides but where the sign itself parts.
    private static let separators: [[UInt8]] = [
        " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " // ", " ‹ ", " › ", " / ", "| ", " |", " : ",
    ].map { Array($0.utf8) }

    /// Returns a title without the part that is the site's name, at its end or its beginning; `names` are what the site may
    /// be called, and `guessing` takes a short last part for a name that is not among them.
    static func removed(from title: String, _ names: [[UInt8]], guessing: Bool) -> String {
        var text = Array(title.utf8)[...]
        // The section may stand before the site's name.
        for _ in 0..<2 {
            guard let mark = lastSeparator(in: text) else { break }
            let head = text[..<mark.lowerBound]
            let tail = text[mark.upperBound...]
            let headKey = TextKey.of(head)
            let tailKey = TextKey.of(tail)
            let isBar = text[mark].contains(UInt8(ascii: "|"))
            if isName(tailKey, names), headKey.count >= 2 {
                text = head
            } else if isName(headKey, names), tailKey.count >= 8 {
                text = tail
                break
            } else if guessing, tail.count(where: { $0 == 0x20 }) < 4, head.count > 2 * tail.count || isBar,
                headKey.count >= 8
            {
                text = head
            } else {
                break
            }
        }
        return text.count == title.utf8.count ? title : String(decoding: text, as: UTF8.self)
    }

    /// The parts of a title between signs that part, those that are long enough to say something; none where nothing parts it.
    static func segments(of title: String) -> [ArraySlice<UInt8>] {
        var text = Array(title.utf8)[...]
        var segments: [ArraySlice<UInt8>] = []
        while segments.count < 4, let mark = lastSeparator(in: text) {
            segments.append(text[mark.upperBound...])
            text = text[..<mark.lowerBound]
        }
        return segments.isEmpty ? [] : (segments + [text]).filter { $0.count >= 6 }
    }

    private static func lastSeparator(in text: ArraySlice<UInt8>) -> Range<Int>? {
        var index = text.endIndex - 1
        while index > text.startIndex {
            for separator in separators where text[index...].starts(with: separator) {
                return index..<index + separator.count
            }
            index -= 1
        }
        return nil
    }

    private static func isName(_ part: [UInt8], _ keys: [[UInt8]]) -> Bool {
        keys.contains {
            $0.count >= 2 && ($0 == part || $0.count >= 5 && part.starts(with: $0) && part.count < $0.count * 2)
        }
    }
}
