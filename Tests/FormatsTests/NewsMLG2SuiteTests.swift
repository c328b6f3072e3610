import Articles
import FoundationEssentials
import Testing

@testable import Formats

/// The examples of NewsML-G2 by its publisher, of a program that reads it and of an agency, against a manifest that was
/// made from the standard before anything read them. The files lie beside the checkout, where there is one.
@Suite struct NewsMLG2SuiteTests {
    private static let suites = ["newsml-g2", "python-newsmlg2", "dpa"]
    private static var areThere: Bool { suites.allSatisfy { SharedSuite.isThere($0) } }

    private static func reading(_ bytes: [UInt8]) throws -> Reading {
        try Reading(
            of: FileParser().open(bytes, name: Array("x.xml".utf8), .sample(bytes: bytes.count, limit: 64 << 20)))
    }

    /// Outcome, number of articles, and of the first kind, uri, version, status, title.
    private static func fields(_ reading: Reading) -> [String] {
        let isBad = !reading.failed.isEmpty || reading.end != nil
        guard let article = reading.articles.first else {
            return [isBad ? "quarantined" : "ignored", "0", "", "", "", "", ""]
        }
        return [
            isBad ? "partial" : "published", "\(reading.articles.count)", article.kind.rawValue, article.uri ?? "",
            article.version ?? "", article.pubStatus.rawValue, article.title ?? "",
        ]
    }

    @Test(.enabled(if: areThere, "the samples lie beside the checkout"))
    func `every example gives what the standard says`() throws {
        let manifest = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Manifests/newsml-g2.tsv")
        let rows = String(decoding: try Data(contentsOf: manifest), as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
        var files: [String: [UInt8]] = [:]
        for suite in Self.suites {
            for (path, bytes) in try SharedSuite.files(suite) { files[path] = bytes }
        }
        var hits = 0
        for row in rows {
            let file = files.removeValue(forKey: row[0])
            let bytes = try #require(file, "\(row[0])")
            let found = Self.fields(try Self.reading(bytes))
            #expect(found == Array(row.dropFirst()), "\(row[0])")
            hits += found == Array(row.dropFirst()) ? 1 : 0
        }
        print("newsml-g2: \(hits) of \(rows.count) examples give what the standard says")
        #expect(rows.count >= 94)
        #expect(!files.keys.contains { $0.hasSuffix(".xml") }, "an example is not in the manifest")
    }

    /// What an agency sends in both of its formats is one article.
    @Test(.enabled(if: areThere, "the samples lie beside the checkout"))
    func `an agency's NewsML-G2 and its JSON agree`() throws {
        let files = try SharedSuite.files("dpa")
        var compared = 0
        for (path, bytes) in files where path.hasSuffix(".xml") {
            let name = path.replacing("/output/", with: "/input/").replacing(".xml", with: ".json")
            let other = try #require(files.first { $0.path == name }, "\(name)")
            let one = try #require(try Self.reading(bytes).articles.first, "\(path)")
            let two = try #require(try Self.reading(other.bytes).articles.first, "\(name)")
            #expect(one.uri == two.uri, "\(path)")
            #expect(one.version == two.version, "\(path)")
            #expect(one.pubStatus == two.pubStatus, "\(path)")
            #expect(words(one.title) == words(two.title), "\(path)")
            #expect(one.published == two.published, "\(path)")
            #expect(one.embargoedUntil == two.embargoedUntil, "\(path)")
            #expect(one.language == two.language, "\(path)")
            #expect(one.urgency == two.urgency, "\(path)")
            #expect(Set(one.signals).isSuperset(of: two.signals), "\(path)")
            // A dateline stands beside the text in some JSON, and a caption is nowhere in it.
            #expect(text(of: one) == text(of: two), "\(path)")
            if one.kind == .text { #expect(words(one.abstract) == words(two.abstract), "\(path)") }
            compared += 1
        }
        #expect(compared >= 18)
    }

    /// The words of the body, without a dateline and the bars between cells.
    private func text(of article: Article) -> String {
        let dateline = words(article.dateline) + " "
        let body = words(article.body)
        return (body.hasPrefix(dateline) ? String(body.dropFirst(dateline.count)) : body).replacing("| ", with: "")
    }

    private func words(_ text: String?) -> String {
        (text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
