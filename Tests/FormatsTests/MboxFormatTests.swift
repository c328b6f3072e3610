import Articles
import Testing

@testable import Formats

@Suite struct MboxFormatTests {
    private static func mail(_ number: Int, _ text: String = "The text.") -> String {
        "From a@b.example Tue Feb 25 08:12:33 2025\nFrom: a@b.example\nSubject: Mail \(number)\n"
            + "Message-ID: <\(number)@b.example>\n\n\(text)\n\n"
    }

    private func read(_ text: String, piece: Int = 1000, limit: Int = 1 << 20) throws -> Reading {
        let bytes = Array(text.utf8)
        return try Reading(
            of: FileParser().open(
                PieceSource(bytes, piece: piece), name: Array("box".utf8), .sample(bytes: bytes.count, limit: limit)))
    }

    @Test(arguments: [1, 7, 64, 1000, 100_000]) func `mails are read wherever the pieces end`(piece: Int) throws {
        let reading = try read((1...20).map { Self.mail($0) }.joined(), piece: piece)
        #expect(reading.end == nil && reading.format == "mbox")
        #expect(reading.articles.map(\.uri) == (1...20).map { "mid:\($0)@b.example" })
        #expect(reading.articles.map(\.ingest.part) == Array(1...20))
    }

    @Test(arguments: [
        ("From a@b.example Tue Feb 25 08:12:33 2025\nSubject: x\n\ny", true),
        ("From a@b.example  Tue Feb 25 08:12 EST 2025\r\nSubject: x\r\n\r\ny", true),
        ("From - Tue Feb 25 08:12:33 2025\n>From x\nSubject: x\n\ny", true),
        ("From a@b.example Tue Feb 25 08:12:33 2025\n\nA text.", false),
        ("From Berlin to Dresden in 2025\n\nA text.", false), ("From: a@b.example\nSubject: x\n\ny", false),
        ("From 8:15 on 2 trains: two", false), ("", false),
    ]) func `a mailbox is known by its first line with a header behind it`(text: String, isMailbox: Bool) {
        #expect(MboxFormat().recognizes(Array(text.utf8), name: Array("x.mbox".utf8)) == isMailbox)
    }

    @Test func `every cut of a mailbox gives the mails before it`() throws {
        let one = Self.mail(1)
        let text = one + Self.mail(2)
        for count in 0...text.utf8.count {
            let bytes = Array(text.utf8.prefix(count))
            let reading = try Reading(of: MboxFormat().open(HeldBytes(bytes), .sample(bytes: count)))
            #expect(reading.end != nil || !reading.parts.isEmpty, "\(count)")
            if count >= one.utf8.count { #expect(reading.articles.first?.uri == "mid:1@b.example") }
        }
    }

    @Test(arguments: [64, 5000, 1 << 20]) func `a mail above the limit fails alone, and is not held`(piece: Int) throws
    {
        let text = Self.mail(1) + Self.mail(2, String(repeating: "long line\n", count: 20_000)) + Self.mail(3)
        let reading = try read(text, piece: piece, limit: 10_000)
        #expect(reading.articles.map(\.title) == ["Mail 1", "Mail 3"])
        #expect(reading.failed.map(\.error.code) == [.tooLarge])
        #expect(reading.failed.first?.error.position == .byte(Self.mail(1).utf8.count))
    }

    @Test func `a source that ends badly is told as it is`() throws {
        let source = PieceSource(Array((1...50).map { Self.mail($0) }.joined().utf8), piece: 100, failsAt: 3000)
        let reader = MboxFormat().open(source, .sample(bytes: 10_000))
        #expect(throws: PieceSource.Broken.self) {
            while try reader.next() != nil {}
        }
    }

    // MARK: What is attached

    /// A mail with files attached.
    private static func mail(attaching files: [(name: String, content: String)]) -> String {
        let parts = files.map { "--m\nContent-Type: application/octet-stream; name=\"\($0.name)\"\n\n\($0.content)\n" }
        return mail(1).replacing(
            "\n\nThe text.\n\n",
            with: "\nContent-Type: multipart/mixed; boundary=m\n\n--m\n\nThe text.\n\(parts.joined())--m--\n\n")
    }

    @Test func `attached files count with the mail's own, and are numbered behind it`() throws {
        let text = Self.mail(attaching: [
            ("a.txt", "One"), ("b.bin", "Two"), ("c.json", "{\"title\": \"Three\"}"), ("d.eml", "Subject: Four\n\nx"),
        ])
        let reading = try read(text + Self.mail(2))
        #expect(reading.articles.map(\.title) == ["Mail 1", "One", "Three", "Four", "Mail 2"])
        #expect(reading.parts.map(\.number) == Array(1...5))
        #expect(reading.articles.map(\.ingest.member) == [nil, "a.txt", "c.json", "d.eml", nil])
        #expect(reading.articles.first?.media.map(\.href) == ["attachment:b.bin"])
    }

    @Test func `more attached files than members are allowed end the mail, and not the mailbox`() throws {
        var rules = ContainerRules()
        rules.maximumMembers = 3
        let bytes = Array(
            (Self.mail(attaching: (1...5).map { ("\($0).txt", "Text \($0)") }) + Self.mail(2)).utf8)
        let reading = try Reading(
            of: FileParser(rules: rules).open(bytes, name: Array("box".utf8), .sample(bytes: bytes.count)))
        #expect(reading.articles.map(\.title) == ["Mail 1", "Text 1", "Text 2", "Text 3", "Mail 2"])
        #expect(reading.failed.map(\.error.code) == [.expandsTooFar])
    }

    @Test func `where containers are not opened, an attached one is a medium`() throws {
        var rules = ContainerRules()
        rules.opensContainers = false
        let bytes = Array(Self.mail(attaching: [("a.zip", "PK\u{3}\u{4}"), ("b.txt", "Text")]).utf8)
        let reading = try Reading(
            of: FileParser(rules: rules).open(bytes, name: Array("box".utf8), .sample(bytes: bytes.count)))
        #expect(reading.articles.map(\.title) == ["Mail 1", "Text"])
        #expect(reading.articles.first?.media.map(\.href) == ["attachment:a.zip"])
    }

    @Test func `a format that is forced is that of the mails, not of what is attached`() throws {
        let bytes = Array(Self.mail(attaching: [("a.json", "{\"title\": \"One\"}")]).utf8)
        let parser = FileParser(formats: try #require(FormatRegistry.standard.only("mbox")))
        let reading = try Reading(of: parser.open(bytes, name: Array("box".utf8), .sample(bytes: bytes.count)))
        #expect(reading.articles.map(\.ingest.format) == ["mbox", "json"])
    }
}
