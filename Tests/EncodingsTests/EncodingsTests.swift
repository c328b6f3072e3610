import Encodings
import Testing

@Suite struct EncodingsTests {
    private func converted(_ bytes: [UInt8], _ label: String) throws -> TextConverter.Output {
        let encoding = try #require(TextEncoding(label: label))
        return try #require(TextConverter.utf8(from: bytes, in: encoding))
    }

    @Test(arguments: [
        ("UTF8", "utf-8"), (" ISO-8859-1 ", "windows-1252"), ("latin1", "windows-1252"), ("cp1251", "windows-1251"),
        ("GB2312", "gb18030"), ("x-sjis", "shift_jis"), ("ks_c_5601-1987", "euc-kr"), ("KOI8-R", "koi8-r"),
        ("iso8859-15", "iso-8859-15"), ("windows-1250", "windows-1250"), ("us-ascii", "windows-1252"),
    ]) func `a label is read as browsers read it`(_ label: String, _ name: String) {
        #expect(TextEncoding(label: label)?.description == name)
    }

    @Test(arguments: ["", "klingon", "//TRANSLIT", "utf-8//IGNORE/x", String(repeating: "a", count: 5000)])
    func `a label that nothing reads is none`(_ label: String) {
        #expect(TextEncoding(label: label) == nil || TextEncoding(label: label) == .utf8)
    }

    @Test(
        arguments: [
            ("windows-1251", [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2], "Привет"), ("koi8-r", [0xf0, 0xd2, 0xc9], "При"),
            ("shift_jis", [0x93, 0xfa, 0x96, 0x7b], "日本"), ("euc-jp", [0xc6, 0xfc, 0xcb, 0xdc], "日本"),
            ("euc-kr", [0xc7, 0xd1, 0xb1, 0xb9], "한국"), ("big5", [0xa4, 0xa4, 0xa4, 0xe5], "中文"),
            ("gb18030", [0xd6, 0xd0, 0xce, 0xc4], "中文"), ("iso-8859-1", [0x93, 0xe9, 0x94], "“é”"),
            ("utf-16", [0x41, 0x00, 0xac, 0x20], "A€"), ("utf-16be", [0x20, 0xac], "€"),
            ("iso-8859-7", [0xc5, 0xeb], "Ελ"), ("windows-1256", [0xe3], "م"),
        ] as [(String, [UInt8], String)]) func `bytes become the text that they are`(
            _ label: String, _ bytes: [UInt8], _ text: String
        ) throws
    {
        let output = try converted(bytes, label)
        #expect(String(decoding: output.text, as: UTF8.self) == text)
        #expect(output.replaced == 0)
    }

    @Test func `bytes that are no text are replaced and counted`() throws {
        let output = try converted([0x41, 0xff, 0xff, 0x42, 0x93], "shift_jis")
        #expect(String(decoding: output.text, as: UTF8.self) == "A\u{fffd}\u{fffd}B\u{fffd}")
        #expect(output.replaced == 3)
        let odd = try #require(TextConverter.utf8(from: [0x41, 0x00, 0x42], in: .utf16LittleEndian))
        #expect(String(decoding: odd.text, as: UTF8.self) == "A\u{fffd}")
    }

    @Test func `a text longer than the converter's buffer is whole`() throws {
        let bytes = [UInt8](repeating: 0xcf, count: 100_000)
        let output = try converted(bytes, "windows-1251")
        #expect(output.text.count == 200_000)
    }

    @Test(arguments: [
        (
            "windows-1251",
            "В субботу в Москве прошёл сильный снегопад, сообщили городские службы. Движение остановлено."
        ),
        ("koi8-r", "В субботу в Москве прошёл сильный снегопад, сообщили городские службы. Движение остановлено."),
        ("shift_jis", "土曜日に東京で大雪が降り、鉄道の運行が止まったと市の当局が発表した。利用者に影響が出ている。"),
        ("euc-jp", "土曜日に東京で大雪が降り、鉄道の運行が止まったと市の当局が発表した。利用者に影響が出ている。"),
        ("big5", "星期六臺北下了大雨，市政府表示鐵路已經停駛，許多乘客受到影響，預計明天恢復。"),
        ("euc-kr", "토요일 서울에 많은 눈이 내려 지하철 운행이 중단되었다고 시 당국이 밝혔다."),
    ]) func `the encoding of a text is detected`(_ label: String, _ text: String) throws {
        let encoding = try #require(TextEncoding(label: label))
        let bytes = try #require(Iconv.encode(text, "\(encoding)"))
        #expect(EncodingDetector.encoding(of: bytes) == encoding)
    }

    @Test func `nothing has no encoding`() {
        #expect(EncodingDetector.encoding(of: []) == nil)
    }
}
