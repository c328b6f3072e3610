import Articles
import FoundationEssentials
import Testing

@testable import Formats

/// The examples of publishers and standards, against manifests that were made from the standards. The files lie beside the
/// checkout, where there is one.
@Suite struct JSONSuiteTests {
    /// A row of a manifest.
    private struct Row {
        let path: String
        /// Outcome, kind, uri, version, status, title.
        let fields: [String]
    }

    private static func manifest(_ name: String) throws -> [Row] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Manifests/\(name).tsv")
        return String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { line in
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                return Row(path: fields[0], fields: Array(fields.dropFirst()))
            }
    }

    private static func fields(_ bytes: [UInt8]) throws -> [String] {
        let reading = try Reading(
            of: FileParser().open(bytes, name: Array("x.json".utf8), .sample(bytes: bytes.count, limit: 64 << 20)))
        guard let article = reading.articles.first, reading.failed.isEmpty, reading.end == nil else {
            return ["quarantined", "", "", "", "", ""]
        }
        let title = article.title.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") } ?? ""
        return [
            "published", article.kind.rawValue, article.uri ?? "", article.version ?? "", article.pubStatus.rawValue,
            title,
        ]
    }

    @Test(
        .enabled(
            if: SharedSuite.isThere("newsinjson") && SharedSuite.isThere("dpa"), "the samples lie beside the checkout"),
        arguments: [("ninjs", "newsinjson", 190), ("digitalwires", "dpa", 19)])
    func `every example gives what its standard says`(manifest: String, suite: String, count: Int) throws {
        let files = Dictionary(uniqueKeysWithValues: try SharedSuite.files(suite).map { ($0.path, $0.bytes) })
        let rows = try Self.manifest(manifest)
        var hits = 0
        for row in rows {
            let bytes = try #require(
                files[row.path] ?? files[row.path.split(separator: "/").dropFirst().joined(separator: "/")],
                "\(row.path)")
            let found = try Self.fields(bytes)
            #expect(found == row.fields, "\(row.path)")
            hits += found == row.fields ? 1 : 0
        }
        print("\(manifest): \(hits) of \(rows.count) examples give what is expected")
        #expect(rows.count >= count)
    }

    /// Faults in members that the article is made of.
    private static let faults: [(path: String, field: String)] = [
        ("1.0/should_fail/007_pubstatus_cancelled", "pubstatus"), ("1.0/should_fail/014_type_component", "type"),
        ("1.1/should_fail/001_type_component", "type"), ("1.3/should_fail/007_invalid_genre", "genre"),
        ("1.4/should_fail/001_bad_contentcreated", "contentcreated"),
        ("1.4/should_fail/002_bad_contentcreated", "contentcreated"), ("1.4/should_fail/003_bad_expires", "expires"),
        ("1.4/should_fail/004_bad_expires", "expires"), ("1.5/should_fail/002_bad_association", "associations"),
        ("2.0/should_fail/002_bad_association", "associations"),
        ("2.1/should_fail/001_bad_association", "associations"),
        ("2.1/should_fail/002_good_association_but_no_name", "associations"),
        ("2.1/should_fail/003_good_association_but_no_uri", "associations"),
        ("3.0/should_fail/002_bad_association", "associations"),
    ]

    /// Faults in what no article is made of: such an item is taken as it is.
    private static let foreign: Set<String> = [
        "005_bad_rightsinfo", "006_bad_rightsinfo", "001_advice_string", "002_advice_wrongtypes",
        "003_advice_wrongelements",
        "004_linked_rights", "005_encoded_rights", "006_combined_rights", "001_bad_geojson", "004_bad_rights",
        "003_event_with_conflicting_start", "004_event_with_renditions", "004_invalid_truncated_date",
        "005_planned_coverage_bad_urgency",
    ]

    @Test(.enabled(if: SharedSuite.isThere("newsinjson"), "the samples lie beside the checkout"))
    func `every item that should fail is rejected, or a warning names its fault`() throws {
        var rejected = 0
        var warned = 0
        for (path, bytes) in try SharedSuite.files("newsinjson")
        where path.contains("/should_fail/") && path.hasSuffix(".json") {
            let reading = try Reading(
                of: FileParser().open(bytes, name: Array("x.json".utf8), .sample(bytes: bytes.count, limit: 64 << 20)))
            guard let article = reading.articles.first else {
                rejected += 1
                continue
            }
            let name = String(path.split(separator: "/").last?.dropLast(5) ?? "")
            if let fault = Self.faults.first(where: { path.contains($0.path) }) {
                #expect(article.ingest.warnings.contains("field_invalid:\(fault.field)"), "\(path)")
                warned += 1
            } else {
                #expect(Self.foreign.contains(name), "\(path) was taken without a warning")
            }
        }
        print("ninjs: \(rejected) items that should fail rejected, \(warned) taken with a warning that names the fault")
        #expect(rejected + warned >= 40)
    }
}
