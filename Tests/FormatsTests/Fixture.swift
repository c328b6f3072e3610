import Articles
import FoundationEssentials
import Formats
import Testing
import TimeZones

/// A golden case: a folder `Fixtures/<format>/<case>` with `input.<ext>` and `expected.json` or `expected.error.json`.
struct Fixture: Sendable, CustomTestStringConvertible {
    let format: String
    let name: String
    let directory: URL

    var testDescription: String { "\(format)/\(name)" }

    /// Every case of every format.
    static let all: [Fixture] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        return folders(in: root).flatMap { format in
            folders(in: root.appending(path: format)).map { name in
                Fixture(format: format, name: name, directory: root.appending(path: format).appending(path: name))
            }
        }
    }()

    /// Whether what comes out is to be written down as what is expected.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["DROPWIRE_RECORD"] == "1" }

    private static func folders(in directory: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The file's name and its bytes.
    func input() throws -> (name: String, bytes: [UInt8]) {
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        let name = try #require(names.first { $0.hasPrefix("input.") })
        return (name, Array(try Data(contentsOf: directory.appending(path: name))))
    }

    /// Returns what comes out of the case, as the expectation's file name and its JSON.
    func outcome() throws -> (file: String, value: JSONValue) {
        let (name, bytes) = try input()
        let reading = try Reading(of: FileParser().open(bytes, name: Array(name.utf8), .sample(bytes: bytes.count)))
        if reading.parts.isEmpty, let end = reading.end { return ("expected.error.json", end.json()) }
        return ("expected.json", try reading.json())
    }

    func expectation(_ file: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: directory.appending(path: file)))
    }

    func record(_ file: String, _ value: JSONValue) throws {
        for stale in ["expected.json", "expected.error.json"] {
            try? FileManager.default.removeItem(at: directory.appending(path: stale))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(value) + Data("\n".utf8)).write(to: directory.appending(path: file))
    }
}

extension FormatContext {
    /// A context that is the same on every machine.
    static func sample(bytes: Int, limit: Int = 65_536, timeZone: Zone = .utc) -> FormatContext {
        FormatContext(
            source: "agency", language: "en", timeZone: timeZone, path: "in/article.txt",
            sha256: String(repeating: "0", count: 64),
            bytes: bytes, received: Timestamp(milliseconds: 1_740_787_200_000), maximumArticleBytes: limit)
    }
}

/// Everything that a file gives when it is read to its end.
struct Reading {
    var format = "-"
    var parts: [ParsedPart] = []
    /// What ended it.
    var end: ParseError?

    init(of reader: any PartReader) throws {
        do {
            while let part = try reader.next() { parts.append(part) }
        } catch let error as ParseError {
            end = error
        }
        format = reader.format
    }

    var articles: [Article] {
        parts.compactMap { if case .article(let article) = $0.content { article } else { nil } }
    }

    var failed: [(member: String?, error: ParseError)] {
        parts.compactMap { if case .failed(let error) = $0.content { ($0.member, error) } else { nil } }
    }

    var ignored: [(member: String?, code: ReasonCode)] {
        parts.compactMap { if case .ignored(let code) = $0.content { ($0.member, code) } else { nil } }
    }

    /// The articles' records, the failed and ignored parts, and what ended the reading.
    func json() throws -> JSONValue {
        var members: [String: JSONValue] = [
            "format": .string(format),
            "articles": .array(
                try articles.map { try JSONDecoder().decode(JSONValue.self, from: Data($0.encodeRecord())) }),
            "failed": .array(parts.compactMap { $0.failedJSON() }),
        ]
        let ignored = parts.compactMap { $0.ignoredJSON() }
        if !ignored.isEmpty { members["ignored"] = .array(ignored) }
        members["end"] = end?.json()
        return .object(members)
    }
}

extension ParsedPart {
    fileprivate func failedJSON() -> JSONValue? {
        guard case .failed(let error) = content else { return nil }
        var members: [String: JSONValue] = ["part": .integer(Int64(number)), "error": error.json()]
        members["member"] = member.map { .string($0) }
        members["bytes"] = bytes.map { .integer(Int64($0.count)) }
        return .object(members)
    }

    fileprivate func ignoredJSON() -> JSONValue? {
        guard case .ignored(let code) = content else { return nil }
        var members: [String: JSONValue] = ["part": .integer(Int64(number)), "code": .string(code.rawValue)]
        members["member"] = member.map { .string($0) }
        return .object(members)
    }
}

extension ParseError {
    func json() -> JSONValue {
        var members: [String: JSONValue] = [
            "code": .string(code.rawValue), "format": .string(format), "message": .string(message),
            "truncated": .boolean(looksTruncated), "description": .string(description),
        ]
        members["position"] = position.map { .string($0.description) }
        members["hint"] = hint.map { .string($0) }
        return .object(members)
    }
}
