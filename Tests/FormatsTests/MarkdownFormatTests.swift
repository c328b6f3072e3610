import Articles
import Testing

@testable import Formats

@Suite struct MarkdownFormatTests {
    private func parse(_ text: String, _ format: MarkdownFormat = MarkdownFormat()) throws(ParseError) -> Article {
        let bytes = Array(text.utf8)
        return try format.parse(bytes, .sample(bytes: bytes.count)).articles[0]
    }

    private func error(_ text: String) -> ParseError? {
        do {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    private func format(of text: String, name: String) -> String? {
        FormatRegistry.standard.format(of: Array(text.utf8), name: Array(name.utf8))?.name
    }

    @Test(arguments: [
        ("---\ntitle: x\n---\ntext", "a.txt", "markdown"), ("---\r\ntitle: x\r\n...\r\ntext", "a", "markdown"),
        ("\u{feff}+++\ntitle = \"x\"\n+++\ntext", "a", "markdown"), (";;;\n{\"a\": 1}\n;;;\n", "a", "markdown"),
        ("--- toml\na = 1\n---\n", "a", "markdown"), ("# Heading", "a.md", "markdown"),
        ("text", "A.MARKDOWN", "markdown"),
        // What looks like it and is not.
        ("# Heading", "a.txt", "native"), ("---\ntitle: x\ntext", "a.txt", "native"),
        ("---\n\nThree people died.\n\n---\n\nMore.", "a.txt", "native"), ("---\n- a\n- b\n---\n", "a.txt", "native"),
        ("----\ntitle: x\n----\n", "a.txt", "native"), ("---\ntitle: x: y\n---\n", "a.txt", "native"),
        ("---coffee\ntitle: x\n---\n", "a.txt", "plain"), ("+++ BREAKING +++\n\nText\n+++\n", "a.txt", "native"),
        ("---\n---\ntext", "a.txt", "native"),
        ("<!DOCTYPE html><html><body>x</body></html>", "a.md", "html"), ("{\"title\": \"x\"}", "a.md", "json"),
    ]) func `front matter tells it, or the name does`(text: String, name: String, expected: String) {
        #expect(format(of: text, name: name) == expected)
    }

    @Test(arguments: [
        ("draft: true", Article.PubStatus.withheld), ("draft: false", .usable), ("Draft: 'yes'", .withheld),
        ("published: false", .withheld), ("published: true", .usable), ("published: 2025-02-26", .usable),
        ("status: draft", .withheld), ("status: publish", .usable), ("pub_status: withheld", .withheld),
        ("draft: false\npub_status: withheld", .withheld),
    ]) func `what is not to be shown is withheld`(line: String, status: Article.PubStatus) throws {
        let article = try parse("---\ntitle: x\n\(line)\n---\ntext")
        #expect(article.pubStatus == status)
        #expect(article.ext["draft"] == nil && article.ext["published"] == nil)
    }

    @Test func `a status that nobody knows is refused`() {
        #expect(error("---\ntitle: x\npub_status: maybe\n---\ntext")?.code == .badField)
    }

    @Test func `names are those of the configuration`() throws {
        let format = MarkdownFormat(mapping: FieldMapping([.title: ["oberzeile"], .bylines: ["meta.who"]]))
        let article = try parse("---\nOberzeile: A\ntitle: B\nmeta: {who: C, when: D}\n---\ntext", format)
        #expect(article.title == "A" && article.bylines == ["C"])
        #expect(article.ext == ["title": .string("B"), "meta": .object(["who": .string("C"), "when": .string("D")])])
    }

    @Test func `a member that is called like a text is one only where no text follows`() throws {
        let with = try parse("---\ntitle: x\ncontent: y\n---\ntext")
        #expect(with.body == "text" && with.ext == ["content": .string("y")])
        let without = try parse("---\ntitle: x\ncontent: y\n---\n\n")
        #expect(without.body == "y" && without.ext.isEmpty)
    }

    @Test(
        arguments: [
            ("# A\n\ntext", "A", "text"), ("A\n=\n\ntext", "A", "text"), ("## A\n\ntext\n\n# B", "A", "text\n\nB"),
            ("text of a line\n\n## B\n\n# A *b*\n\nend", "A b", "text of a line\n\nB\n\nA b\n\nend"),
            ("text\n\n## B\n\n### C", "B", "text\n\nB\n\nC"), ("A &amp; B\n\ntext", "A & B", "text"),
            ("<h1>A</h1>\n\ntext", "text", "A"), ("---\ntitle: A\n---\n# a!\n\ntext", "A", "text"),
            ("---\ntitle: A\n---\n# B\n\ntext", "A", "B\n\ntext"), ("- a\n- b", nil, "- a\n- b"),
        ] as [(String, String?, String)])
    func `the headline is that of the front matter, else a heading, else a first line`(
        text: String, title: String?, body: String
    ) throws {
        let article = try parse(text)
        #expect(article.title == title)
        #expect(article.body == body)
    }

    @Test func `lines that were broken are joined, and what is meant stays`() throws {
        let article = try parse("# T\n\nOne\ntwo\nthree.\n\n- a\n  b\n- c\n\nLast  \nline")
        #expect(article.body == "One two three.\n\n- a b\n- c\n\nLast\nline")
    }

    @Test func `markup is cleaned`() throws {
        let article = try parse(
            "# T\n\na <script>x()</script><b onclick=y()>b</b> [c](javascript:z()) [d](http://d.example/)")
        #expect(article.bodyHTML == "<p>a <strong>b</strong> <a>c</a> <a href=\"http://d.example/\">d</a></p>")
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func `a file cut anywhere is an error or has what stands before the cut`(
        lineEnd: String
    ) throws {
        let lines = ["---", "title: Ä “t”", "tags: [a, b]", "---", "", "# Head", "", "Söme *wörds*.", "", "- Ende €"]
        let whole = Array(lines.joined(separator: lineEnd).utf8)
        for count in 0...whole.count {
            do throws(ParseError) {
                let article = try MarkdownFormat().parse(Array(whole[..<count]), .sample(bytes: count)).articles[0]
                #expect(article.title == "Ä “t”", "\(count)")
                #expect(article.keywords == ["a", "b"])
            } catch {
                #expect([.empty, .invalidUTF8, .badFrontMatter].contains(error.code), "\(count): \(error)")
                #expect(error.looksTruncated || error.code == .empty)
            }
        }
    }

    @Test func `line ends make no difference`() throws {
        let text = "---\ntitle: x\nlong: |\n  a\n  b\n---\n# y\n\none\ntwo\n"
        let articles = try ["\n", "\r\n", "\r"].map { try parse(text.replacing("\n", with: $0)) }
        #expect(Set(articles.map(\.id)).count == 1)
        #expect(articles.allSatisfy { $0.ext == ["long": .string("a\nb\n")] })
    }

    @Test func `a size at the limit is taken and one above is not`() throws {
        let text = Array("# A\n\ntext".utf8)
        let format = MarkdownFormat()
        #expect(try format.parse(text, .sample(bytes: 9, limit: text.count)).articles[0].title == "A")
        #expect(throws: ParseError.self) { try format.parse(text, .sample(bytes: 9, limit: text.count - 1)) }
    }

    @Test func `front matter that is too long is none, and does not end`() {
        let text = "---\na: " + String(repeating: "x", count: FrontMatter.maximumBytes) + "\n---\ntext"
        let found = (try? MarkdownFormat().parse(Array(text.utf8), .sample(bytes: 0, limit: 1 << 20)))?.articles
        #expect(found == nil)
        #expect(!MarkdownFormat().recognizes(Array(text.utf8), name: Array("a.txt".utf8)))
    }
}
