import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

@testable import Telemetry

private let journalctl = "/usr/bin/journalctl"

/// What the journal explains of the sentences.
@Suite struct LogCatalogTests {
    private static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    private static let path = root + "/systemd/dropwire.catalog"

    /// The blocks of the catalog by their ids.
    private func blocks() throws -> [String: String] {
        let text = try String(contentsOfFile: LogCatalogTests.path, encoding: .utf8)
        let parts = ("\n" + text).split(separator: "\n-- ").dropFirst()
        let blocks = parts.map { part in
            (String(part.prefix { $0 != "\n" }), String(part.drop { $0 != "\n" }))
        }
        return try Dictionary(blocks) { _, _ in throw Trouble("an id stands there twice") }
    }

    @Test func `every sentence with an id has an explanation, and every explanation a sentence`() throws {
        let ids = LogMessage.explained.compactMap { $0.id?.description }
        #expect(ids.count == LogMessage.explained.count && Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{32}/) != nil })
        let sentences = LogMessage.explained.map(\.text.description)
        #expect(Set(sentences).count == sentences.count && sentences.allSatisfy { $0.hasSuffix(".") })
        #expect(try Set(blocks().keys) == Set(ids))
    }

    @Test func `every sentence with an id is in the list, and is said somewhere`() throws {
        let file = LogCatalogTests.root + "/Sources/Telemetry/LogMessage+Explained.swift"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let names = text.matches(of: /static let (\w+) = LogMessage\(/).map { String($0.output.1) }
        #expect(names.count == LogMessage.explained.count)
        let sources = LogCatalogTests.root + "/Sources"
        let walk = try FileManager.default.subpathsOfDirectory(atPath: sources)
        let code = walk.filter { $0.hasSuffix(".swift") && !$0.hasSuffix("/LogMessage+Explained.swift") }
            .compactMap { try? String(contentsOfFile: "\(sources)/\($0)", encoding: .utf8) }.joined()
        for name in names { #expect(code.firstMatch(of: try Regex("\\.\(name)\\b")) != nil, "\(name)") }
    }

    @Test func `an explanation says what it is about and names no field that there is not`() throws {
        let keys = try String(
            contentsOfFile: LogCatalogTests.root + "/Sources/Telemetry/LogKey.swift", encoding: .utf8
        ).matches(of: /= LogKey\("([^"]*)"\)/).map { $0.output.1.uppercased().replacing(".", with: "_") }
        for (id, block) in try blocks() {
            #expect(block.contains("\nSubject: ") && block.contains("\nDefined-By: Dropwire\n"), "\(id)")
            for field in block.matches(of: /@([A-Z_]*)@/) {
                #expect(field.output.1.hasPrefix("DROPWIRE_"))
                #expect(keys.contains(String(field.output.1.dropFirst("DROPWIRE_".count))), "\(field.output.0)")
            }
            #expect(block.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(id)")
        }
    }

    @Test(.enabled(if: access(journalctl, X_OK) == 0, "journalctl is not there"))
    func `the journal takes the catalog and shows all of it`() throws {
        let scratch = try ScratchDirectory()
        for folder in ["usr/lib/systemd/catalog", "var/lib/systemd/catalog"] { try scratch.makeDirectory(folder) }
        try scratch.write(
            String(contentsOfFile: LogCatalogTests.path, encoding: .utf8),
            to: "usr/lib/systemd/catalog/dropwire.catalog")
        func run(_ command: String) throws -> String {
            let process = try TestedProcess(
                name: "journalctl", command: [journalctl, command, "--root=\(scratch.path)"])
            #expect(try process.waitUntilEnded() == .exited(0), "\(process.errorOutput)")
            #expect(process.errorOutput.isEmpty, "\(process.errorOutput)")
            return process.output
        }
        _ = try run("--update-catalog")
        let listed = try run("--list-catalog")
        for (id, block) in try blocks() {
            let subject = try #require(block.firstMatch(of: /\nSubject: (.*)\n/)).output.1
            #expect(listed.contains("\(id) Dropwire: \(subject)\n"), "\(listed)")
        }
    }
}
