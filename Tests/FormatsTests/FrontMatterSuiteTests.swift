import Articles
import Testing

@testable import Formats

/// The fixtures of gray-matter's tests, where they lie beside the checkout, with what that project reads in them.
///
/// Scripts are refused: gray-matter runs them, or is told to read them as CoffeeScript.
@Suite struct FrontMatterSuiteTests {
    private struct Expectation: Sendable, CustomTestStringConvertible {
        var file: String
        var code: ReasonCode?
        var title: String?
        var abstract: String?
        var text: String?
        var ext: [String: JSONValue] = [:]

        var testDescription: String { file }
    }

    private static let expectations: [Expectation] = [
        .init(file: "all-dots.yaml", code: .empty), .init(file: "autodetect-coffee-fn.md", code: .badFrontMatter),
        .init(file: "autodetect-coffee.md", code: .badFrontMatter),
        .init(file: "autodetect-coffeescript.md", code: .badFrontMatter),
        .init(file: "autodetect-cson-fn.md", code: .badFrontMatter),
        .init(file: "autodetect-cson.md", code: .badFrontMatter),
        .init(file: "autodetect-javascript.md", code: .badFrontMatter),
        .init(
            file: "autodetect-json.md", title: "autodetect-JSON", abstract: "Front Matter",
            text: "This page has JSON front matter!"),
        .init(
            file: "autodetect-no-lang.md", title: "autodetect-no-lang", text: "Content",
            ext: ["user": .string("jonschlinkert")]),
        .init(
            file: "autodetect-yaml.md", title: "autodetect-yaml", text: "Content",
            ext: ["user": .string("jonschlinkert")]),
        .init(file: "basic.txt", title: "Basic", text: "this is content."),
        .init(file: "complex.md", title: "BOILERPLATE"),
        .init(
            file: "delims-and-lang.md", title: "JSON", abstract: "Front Matter",
            text: "This page has JSON front matter!"),
        // Fences of a configuration's own are a block of code to everybody else.
        .init(file: "delims-custom.md", text: "title: custom-delims\nfoo: bar\nversion: 2\n\nThis is an alert"),
        .init(
            file: "delims-semi-colons.md", title: "delims-semi-colons JSON", abstract: "Front Matter",
            text: "This page has JSON front matter!"),
        .init(file: "empty.md", code: .empty), .init(file: "has-matter.md", title: "Has Matter!", text: "Boom."),
        .init(file: "hasnt-matter.md", title: "This file doesn't have matter!"),
        .init(file: "lang-coffee-bad.md", code: .badFrontMatter),
        .init(file: "lang-coffee-fn.md", title: "coffee functions"),
        .init(
            file: "lang-coffee.md", title: "coffee", abstract: "' Front matter '",
            text: "This page has coffee front matter!"),
        .init(file: "lang-cson-fn.md", title: "CSON functions"),
        .init(
            file: "lang-cson.md", title: "CSON", abstract: "' Front matter '", text: "This page has cson front matter!"),
        // Between rules that say no language a script is a text, and the second rule makes it a heading.
        .init(
            file: "lang-javascript-fn.md",
            title: "function reverse(str) { return str.split('').reverse().join(''); }"),
        .init(file: "lang-javascript-object-fn.md", code: .badFrontMatter),
        .init(
            file: "lang-json.md", title: "JSON", abstract: "Front Matter", text: "This page has JSON front matter!"),
        .init(file: "lang-yaml.md", title: "YAML", text: "This page has YAML front matter!"),
        .init(file: "to-json.md", title: "to JSON"), .init(file: "to-yaml.md", title: "to YAML"),
    ]

    @Test(.enabled(if: SharedSuite.isThere("gray-matter"), "the suite lies beside the checkout"))
    func `front matter is what gray-matter reads`() throws {
        let files = try SharedSuite.files("gray-matter")
        var seen = 0
        for expectation in Self.expectations {
            let bytes = try #require(files.first { $0.path.hasSuffix("/fixtures/\(expectation.file)") }).bytes
            seen += 1
            let reading = try Reading(
                of: FileParser().open(bytes, name: Array(expectation.file.utf8), .sample(bytes: bytes.count)))
            let article = reading.articles.first
            #expect(reading.end?.code == expectation.code, "\(expectation.file)")
            #expect(article?.title == expectation.title, "\(expectation.file)")
            #expect(article?.abstract == expectation.abstract || expectation.file == "complex.md")
            if let text = expectation.text { #expect(article?.body == text, "\(expectation.file)") }
            for (name, value) in expectation.ext { #expect(article?.ext[name] == value) }
        }
        // `all.yaml` has no text and no end: to gray-matter it is all front matter, to us no Markdown.
        #expect(seen == files.count { $0.path.contains("/fixtures/") } - 1)
    }
}
