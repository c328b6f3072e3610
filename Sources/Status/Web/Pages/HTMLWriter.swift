import Articles

/// Writes HTML in which no text can become markup: markup is constant, and whatever else there is goes through escaping.
struct HTMLWriter {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(16 << 10) }

    /// Writes markup of our own.
    mutating func markup(_ constant: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: constant.utf8Start, count: constant.utf8CodeUnitCount))
    }

    /// Writes text, fit for an element's content and for a quoted attribute.
    ///
    /// Control characters become U+FFFD. Characters that turn the direction of what follows are left out: they could
    /// make a title read as something else. So are marks that stack up on one letter: they would cover other lines.
    ///
    /// - Parameter limit: the most bytes of the text that are written; a sign says that there is more.
    mutating func text(_ text: String, atMost limit: Int = 8 << 10) {
        var marks = 0
        var room = limit
        for scalar in text.unicodeScalars {
            room -= UTF8.width(scalar)
            guard room >= 0 else { return bytes.append(contentsOf: "…".utf8) }
            marks = HTMLWriter.isMark(scalar) ? marks + 1 : 0
            guard marks <= HTMLWriter.mostMarks else { continue }
            switch scalar {
            case "&": markup("&amp;")
            case "<": markup("&lt;")
            case ">": markup("&gt;")
            case "\"": markup("&quot;")
            case "'": markup("&#39;")
            case "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": break
            case "\n", "\t": bytes.append(UInt8(scalar.value))
            case "\0"..."\u{1f}", "\u{7f}"..."\u{9f}": bytes.append(contentsOf: "\u{fffd}".utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// The most marks on one letter: no script has more.
    private static let mostMarks = 8

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= 0x300 else { return false }
        let category = scalar.properties.generalCategory
        return category == .nonspacingMark || category == .enclosingMark
    }

    /// Writes text that somebody else wrote: what it does to the direction of writing stays within it.
    mutating func foreign(_ text: String, atMost limit: Int = 8 << 10) {
        markup("<bdi>")
        self.text(text, atMost: limit)
        markup("</bdi>")
    }

    /// Writes the beginning of a link; the caller writes its text and `</a>`.
    mutating func link(to path: String) {
        markup("<a href=\"")
        text(path, atMost: 64 << 10)
        markup("\">")
    }

    /// Writes the way to the next page of a list.
    ///
    /// - Parameter label: what the pages are of, for those who hear the page.
    mutating func more(_ label: StaticString, at path: String) {
        markup("<nav class=\"pages\" aria-label=\"")
        markup(label)
        markup("\">")
        link(to: path)
        markup("More</a></nav>")
    }

    /// Writes a whole number with separators of thousands.
    mutating func number(_ number: some BinaryInteger) { text(Wording.number(number)) }

    /// Writes a moment as how long ago it was, after a week as its day; the whole moment stands in its title.
    mutating func time(_ moment: Timestamp, now: Timestamp) {
        markup("<time datetime=\"")
        text(moment.description)
        markup("\" title=\"")
        text(Wording.absolute(moment))
        markup("\">")
        let age = now.milliseconds - moment.milliseconds
        text(Wording.isFar(age) ? moment.day : age <= -1000 ? Wording.ahead(-age) : Wording.ago(age))
        markup("</time>")
    }
}

extension UTF8 {
    static var encodedReplacementCharacter: EncodedScalar { encode("\u{fffd}")! }
}
