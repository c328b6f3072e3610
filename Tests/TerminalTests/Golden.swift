import FoundationEssentials
import Testing

/// Texts that were looked at once, and are not to change unseen.
enum Golden {
    /// Compares with a file of this target's fixtures; with DROPWIRE_RECORD=1 it is written, for its difference to be
    /// reviewed.
    static func expect(_ text: String, _ name: String, at location: SourceLocation = #_sourceLocation) throws {
        let path = #filePath.prefix(upTo: #filePath.lastIndex(of: "/")!) + "/Fixtures/\(name).txt"
        let url = URL(filePath: String(path))
        if ProcessInfo.processInfo.environment["DROPWIRE_RECORD"] == "1" { try Data(text.utf8).write(to: url) }
        #expect(try String(contentsOf: url, encoding: .utf8) == text, sourceLocation: location)
    }
}
