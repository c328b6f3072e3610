import Articles
import Testing

@testable import Formats

@Suite struct MailFormatTests {
    private static let header = "From: Maria <maria@agency.example>\nSubject: Bridge\nMessage-ID: <1@agency.example>\n"

    private func read(_ text: String, name: String = "input.eml", limit: Int = 1 << 20) throws -> Reading {
        try read(Array(text.utf8), name: name, limit: limit)
    }

    private func read(_ bytes: [UInt8], name: String = "input.eml", limit: Int = 1 << 20) throws -> Reading {
        try Reading(of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count, limit: limit)))
    }

    @Test(arguments: [
        (header + "\ntext", "any", true), ("Subject: x\n\ntext", "a.eml", true), ("Subject: x\n\ntext", "a.txt", false),
        ("From: London\nDate: Tuesday\n\nNotes of a journey.", "a.txt", false),
        ("Weather: Storm: three dead\n\n2025-02-26 03:27:00\n\nText.", "a.txt", false),
        ("Received: from a by b\n\twith SMTP\nSubject: x\n\ny", "1700.M1P2.host:2,S", true),
        ("Subject: x\n\ny", "1700.M1P2.host:2,S", true),
        ("MIME-Version: 1.0\nSubject: x\nnot a field\n\ny", "a", false),
        ("Path: a!b\nNewsgroups: a.b\n\nx", "1", true), ("To: a@b\n", "x", false), ("", "a.eml", false),
        ("{\"From\": \"a@b\"}", "a.eml", false), ("\n\n" + header + "\ntext", "x", true),
    ]) func `a mail is known by its header, and a headline with a colon is none`(
        text: String, name: String, isMail: Bool
    ) {
        #expect(MailFormat().recognizes(Array(text.utf8), name: Array(name.utf8)) == isMail)
    }

    @Test(arguments: [
        ("=?utf-8?Q?a_b=C3=A4?=", "a bä"), ("=?utf-8?B?w6Q=?= =?utf-8?B?w7Y=?=", "äö"),
        ("=?utf-8?Q?=C3?=\n =?utf-8?Q?=A4?=", "ä"), ("a =?utf-8?Q?b?= c =?utf-8?Q?d?= e", "a b c d e"),
        ("=?iso-8859-1*de?Q?=E4?=", "ä"), ("=?utf-8?X?a?=", "=?utf-8?X?a?="), ("=?utf-8?Q?open", "=?utf-8?Q?open"),
        ("=?utf-8?B?////?=", "ÿÿÿ"), ("a\t b", "a b"), ("=?ISO-2022-JP?B?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?utf-8?q?has space?=", "has space"), ("=?gb2312?B?sbG+qQ==?=", "北京"), ("=?", "=?"), ("x=?=?=", "x=?=?="),
    ]) func `encoded words are decoded, and what is none stays`(field: String, text: String) throws {
        let reading = try read("Subject: \(field)\nFrom: a@b\n\nx")
        #expect(reading.articles.first?.title == text)
    }

    @Test(arguments: [
        ("filename=a.pdf", "a.pdf"), ("filename=\"a \\\"b\\\".pdf\"", "a \"b\".pdf"), ("filename=a b.pdf", "a b.pdf"),
        ("filename*=utf-8'de'%C3%A4.pdf", "ä.pdf"), ("filename*0=a; filename*1=b.pdf", "ab.pdf"),
        ("filename*0*=iso-8859-1''%E4; filename*1=%.pdf", "ä%.pdf"), ("filename=\"=?utf-8?Q?=C3=A4?=.pdf\"", "ä.pdf"),
        ("filename=\"C:\\\\dir\\\\a.pdf\"", "a.pdf"), ("filename=\"../../a.pdf\"", "a.pdf"), ("filename=", nil),
        ("filename=\"open", "open"),
    ]) func `names of attachments are read in every form`(parameter: String, name: String?) {
        var header = MailHeader()
        Array("Content-Disposition: attachment; \(parameter)".utf8).withUnsafeBufferPointer { line in
            let isTaken = header.take(line[...])
            #expect(isTaken)
        }
        #expect(MIMEPart(header: header, type: MIMEValue([]), content: 0..<0).fileName == name)
    }

    @Test(arguments: [
        ("base64", "QWJj\nZA==", "Abcd"), ("base64", "QW!Jj\nZA", "Abcd"), ("base64", "QWJjZA==\n_____\nlist", "Abcd"),
        ("quoted-printable", "a=\nb =3D =XY  \nc=", "ab = =XY\nc"), ("quoted-printable", "a=20\nb", "a\nb"),
        ("8BIT", "ä", "ä"), ("x-uuencode", "begin 644 a\n#06)C\n`\nend\n", "Abc"),
    ]) func `transfer encodings are undone, and what is broken in them is passed over`(
        name: String, content: String, text: String
    ) throws {
        let reading = try read(
            "\(Self.header)Content-Transfer-Encoding: \(name)\nContent-Type: text/plain\n\n\(content)")
        #expect(reading.articles.first?.body == text)
    }

    @Test(arguments: [
        ("Tue, 25 Feb 2025 08:12:33 +0100", "2025-02-25T07:12:33Z"), ("25 Feb 25 08:12 PST", "2025-02-25T16:12:00Z"),
        ("Tue, 25 Feb 125 08:12:33 Z", "2025-02-25T08:12:33Z"),
        ("Tue,25 February 2025 08:12:60 -0000", "2025-02-25T08:12:59Z"),
        ("Tue (day), 25 Feb (month) 2025 08 : 12 : 33 GMT", "2025-02-25T08:12:33Z"),
        ("2025-02-25T08:12:33+01:00", "2025-02-25T07:12:33Z"), ("25 Feb 2025", "2025-02-25T00:00:00Z"),
        ("Tue, 31 Feb 2025 08:12:33 +0100", nil), ("today", nil),
    ]) func `dates are read with their zone, in obsolete forms, too`(date: String, moment: String?) throws {
        let reading = try read("\(Self.header)Date: \(date)\n\nx")
        #expect(reading.articles.first?.published?.description == moment)
        #expect(reading.articles.first?.publishedRaw == date)
    }

    /// A mail with parts in parts, where every boundary is there.
    private static let nested = """
        \(header)MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=a

        --a
        Content-Type: multipart/alternative; boundary=b

        --b

        The text.
        --b
        Content-Type: text/html; charset=utf-8

        <p>The text.</p>
        --b--
        --a
        Content-Type: image/png; name=a.png
        Content-Transfer-Encoding: base64

        iVBORw0K
        --a--

        """

    @Test func `every cut of a mail gives what is there, or says that nothing is`() throws {
        let bytes = Array(Self.nested.utf8)
        for count in 0..<bytes.count {
            let reading = try read(Array(bytes.prefix(count)))
            #expect(reading.end != nil || !reading.parts.isEmpty, "\(count)")
            for article in reading.articles { #expect(article.title != nil || article.body != nil) }
        }
    }

    @Test(
        .timeLimit(.minutes(10)),
        arguments: [
            header + String(repeating: "X-Field: value\n", count: 100_000) + "\ntext",
            header + String(repeating: "X\n", count: 100_000),
            header + "X: " + String(repeating: "endless ", count: 100_000),
            header + "To: " + String(repeating: "\"(", count: 100_000),
            header + "From: " + String(repeating: "(", count: 100_000),
            "Subject: " + String(repeating: "=?utf-8?Q?", count: 10_000) + "\nFrom: a@b\n\nx",
            "Subject: " + String(repeating: "=?utf-8?B?/?=", count: 10_000) + "\nFrom: a@b\n\nx",
            header + "Content-Type: multipart/mixed; boundary=a\n\n" + String(repeating: "--a\n", count: 200_000),
            header + "Content-Type: multipart/mixed; boundary=a\n\n" + String(repeating: "--\n", count: 200_000),
            header + (0..<5000).map { "Content-Type: multipart/mixed; boundary=\($0)\n\n--\($0)\n" }.joined(),
            header + "Content-Type: text/plain" + String(repeating: "; a=b", count: 20_000) + "\n\nx",
            header + "Content-Type: text/plain; format=flowed\n\n" + String(repeating: ">", count: 500_000),
            header + "\n" + String(repeating: ">\nx\n", count: 100_000),
            header + "References: " + String(repeating: "<", count: 60_000) + "\n\nx",
            header + "Content-Transfer-Encoding: quoted-printable\n\n" + String(repeating: "= ", count: 300_000),
        ]) func `what is made to be expensive ends soon`(text: String) throws
    {
        let started = ContinuousClock.now
        let reading = try read(text, limit: 1 << 24)
        #expect(reading.end != nil || !reading.parts.isEmpty)
        // A debug build on a busy machine; a growth with the square would take minutes.
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test func `what lies deeper than mails do is text, and what is further than a thousand parts is passed over`()
        throws
    {
        let parts = String(repeating: "--a\n\nx\n", count: 1500)
        let reading = try read("\(Self.header)Content-Type: multipart/mixed; boundary=a\n\n\(parts)--a--\n")
        #expect(reading.articles.first?.ingest.warnings == ["too_many_parts"])
        #expect(reading.articles.first?.body?.count { $0 == "x" } == MIMEReader.maximumParts - 1)
    }

    @Test func `a mail above the limit is refused, with what to do`() throws {
        let reading = try read(Self.header + "\n" + String(repeating: "x", count: 1000), limit: 500)
        #expect(reading.end?.code == .tooLarge)
        #expect(reading.end?.hint != nil)
    }

    @Test func `a message of Outlook is refused, with what to do`() throws {
        let reading = try read(
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] + [UInt8](repeating: 0, count: 600), name: "a.msg")
        #expect(reading.end?.code == .unknownFormat)
        #expect(reading.end?.hint?.contains(".eml") == true)
    }

    @Test func `quotes and signatures keep their lines, and other lines are joined`() throws {
        let reading = try read(
            """
            \(Self.header)
            The bridge was closed for two years, and nobody knew when it would be open
            again.

            > a line that was quoted and that is as long as lines of a mail may be, and
            > another
            An answer.

            -- \n\
            Maria
            Agency
            """)
        #expect(
            reading.articles.first?.body == """
                The bridge was closed for two years, and nobody knew when it would be open again.

                > a line that was quoted and that is as long as lines of a mail may be, and
                > another
                An answer.

                --
                Maria
                Agency
                """)
    }
}
