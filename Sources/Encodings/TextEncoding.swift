import Glibc

/// A character encoding: the name it is recorded by, and the one iconv(3) knows it by.
///
/// Names are those of the web's Encoding Standard in lower case, as `windows-1252`. A label is read as browsers read it:
/// what calls itself ISO-8859-1 is read as windows-1252, which it nearly always is, GB2312 as GB18030, and so on.
package struct TextEncoding: Sendable, Hashable, CustomStringConvertible {
    /// The name that is recorded.
    package let description: String
    /// The name that iconv(3) knows.
    let converterName: String

    /// UTF-8.
    package static let utf8 = TextEncoding(description: "utf-8", converterName: "UTF-8")
    /// UTF-16, the low byte first.
    package static let utf16LittleEndian = TextEncoding(description: "utf-16le", converterName: "UTF-16LE")
    /// UTF-16, the high byte first.
    package static let utf16BigEndian = TextEncoding(description: "utf-16be", converterName: "UTF-16BE")
    /// UTF-32, the low byte first.
    package static let utf32LittleEndian = TextEncoding(description: "utf-32le", converterName: "UTF-32LE")
    /// UTF-32, the high byte first.
    package static let utf32BigEndian = TextEncoding(description: "utf-32be", converterName: "UTF-32BE")
    /// What the web calls Latin-1.
    package static let windows1252 = TextEncoding(description: "windows-1252", converterName: "CP1252")

    private init(description: String, converterName: String) {
        self.description = description
        self.converterName = converterName
    }

    /// Takes a label as pages, feeds and mail write it; nil where nothing can read that encoding.
    package init?(label: some StringProtocol) {
        let name = label.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_:.".contains($0)) }
        guard !name.isEmpty, name.utf8.count <= 40 else { return nil }
        if let (description, converterName) = TextEncoding.labels[name] {
            self.init(description: description, converterName: converterName)
            return
        }
        let canonical =
            name.hasPrefix("cp125") || name.hasPrefix("win125")
            ? "windows-" + name.drop { $0.isLetter }
            : name.hasPrefix("iso8859-") || name.hasPrefix("iso_8859-") ? "iso-8859-" + name.dropFirst(8) : name
        guard let handle = iconv_open("UTF-8", canonical), handle != UnsafeMutableRawPointer(bitPattern: -1) else {
            return nil
        }
        iconv_close(handle)
        self.init(description: canonical, converterName: canonical)
    }

    /// Labels that are read as more, or as something else, than they say.
    private static let labels: [String: (String, String)] = {
        let groups: [(String, String, String)] = [
            ("utf-8", "UTF-8", "utf-8 utf8 unicode-1-1-utf-8 x-unicode20utf8 utf-8-sig"),
            ("utf-16le", "UTF-16LE", "utf-16 utf-16le utf16 utf16le unicode ucs-2 iso-10646-ucs-2 csunicode"),
            ("utf-16be", "UTF-16BE", "utf-16be utf16be unicodefffe"),
            (
                "windows-1252", "CP1252",
                "iso-8859-1 iso8859-1 iso_8859-1 iso88591 latin1 latin-1 l1 ascii us-ascii ansi ansi_x3.4-1968 cp819 x-cp1252"
            ),
            ("windows-1254", "CP1254", "iso-8859-9 iso8859-9 iso_8859-9 latin5 l5 x-cp1254"),
            ("windows-874", "CP874", "iso-8859-11 iso8859-11 tis-620 tis620 dos-874 windows-874 cp874"),
            ("gb18030", "GB18030", "gb18030 gbk gb2312 gb_2312 gb_2312-80 x-gbk chinese csgb2312 euc-cn hz-gb-2312"),
            ("big5", "BIG5-HKSCS", "big5 big5-hkscs big-5 cn-big5 x-x-big5 csbig5"),
            (
                "shift_jis", "CP932",
                "shift_jis shift-jis sjis x-sjis windows-31j ms932 ms_kanji csshiftjis cp932"
            ),
            ("euc-jp", "EUC-JP-MS", "euc-jp eucjp x-euc-jp cseucpkdfmtjapanese"),
            (
                "euc-kr", "CP949",
                "euc-kr euckr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean windows-949 cp949 uhc cseuckr"
            ),
            ("koi8-r", "KOI8-R", "koi8-r koi8 koi koi8_r cskoi8r"),
            ("koi8-u", "KOI8-U", "koi8-u koi8-ru"),
            ("iso-8859-8", "ISO-8859-8", "iso-8859-8 iso-8859-8-i iso-8859-8-e logical visual hebrew"),
            ("macintosh", "MACINTOSH", "macintosh mac x-mac-roman macroman"),
        ]
        var labels: [String: (String, String)] = [:]
        for (description, converterName, names) in groups {
            for name in names.split(separator: " ") { labels[String(name)] = (description, converterName) }
        }
        return labels
    }()
}
