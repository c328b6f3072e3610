/// The name of a site in the titles of its pages: `Headline | Section - Site`.
enum SiteName {
    private static let separators = [
        " | ", " - ", " – ", " — ", " :: ", " » ", " « ", " · ", " • ", " // ", " ‹ ", " › ", " / ", "| ", " |", " : ",
    ]

    /// Returns a title without the part that is the site's name, at its end or its beginning; `names` are what the site may
    /// be called.
    static func removed(from title: String, _ names: [String]) -> String {
        let keys = names.map { TextKey.of($0.utf8) }.filter { $0.count >= 2 }
        var title = title
        // A name at the end, whatever stands before it.
        for _ in 0..<2 {
            guard
                let separator = separators.compactMap({ s in title.ranges(of: s).last.map { (s, $0) } }).max(by: {
                    $0.1.lowerBound < $1.1.lowerBound
                })
            else { return title }
            let head = String(title[..<separator.1.lowerBound])
            let tail = String(title[separator.1.upperBound...])
            let tailKey = TextKey.of(tail.utf8)
            let headKey = TextKey.of(head.utf8)
            if isName(tailKey, keys) && headKey.count >= 2 {
                title = head
            } else if isName(headKey, keys) && tailKey.count >= 8 {
                return tail
            } else if tail.split(separator: " ").count <= 4,
                head.utf8.count > 2 * tail.utf8.count || separator.0.contains("|"), headKey.count >= 8
            {
                title = head
            } else {
                return title
            }
        }
        return title
    }

    private static func isName(_ part: [UInt8], _ keys: [[UInt8]]) -> Bool {
        keys.contains { $0 == part || $0.count >= 5 && part.starts(with: $0) && part.count < $0.count * 2 }
    }
}
