import Messaging
import Testing

@testable import TOML
@testable import dropwire

/// `Config/dropwire.toml` says what the program does: these tests keep it from drifting.
@Suite struct SampleTests {
    private static let path =
        String(#filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }) + "/Config/dropwire.toml"

    /// The sample with its keys no longer commented out.
    func uncommented() throws -> String {
        let key = /# (\[+[a-z_.]+\]+|[a-z_]+ = .+)/
        return try SampleTests.text().split(separator: "\n", omittingEmptySubsequences: false)
            .map { (try? key.wholeMatch(in: $0)).map { String($0.output.1) } ?? String($0) }
            .joined(separator: "\n")
    }

    private static func text() throws -> String {
        // Read as the program reads it.
        String(decoding: try TOMLDocument.read(path), as: UTF8.self)
    }

    @Test func `the sample as it is changes nothing`() throws {
        #expect(try Configuration.load(path: SampleTests.path) == Configuration())
    }

    @Test func `every value in the sample is the default`() throws {
        let all = try TOMLDocument(text: uncommented(), name: "dropwire.toml").decode(Configuration.self)
        // The tables that may stand several times have keys without a default.
        let required = """
            [[watch.drop]]
            path = "/srv/dropwire/incoming"
            [[upstream]]
            name = "paris"
            log = ["tcp://paris.example:8472"]
            [[index.webhook]]
            name = "desk"
            url = "https://desk.example/in"
            key_file = "/etc/dropwire/desk.key"
            """
        let least = try TOMLDocument(text: required, name: "least").decode(Configuration.self)
        #expect(all == least)
    }

    @Test func `every key that is read stands in the sample`() throws {
        let document = try TOMLDocument(text: uncommented(), name: "dropwire.toml")
        let session = DecodingSession()
        _ = try TreeDecoder(node: document.root, path: [], session: session).decode(Configuration.self)
        #expect(missing(from: document.root, path: [], session: session) == [])
        #expect(!session.asked.isEmpty)
    }

    private func missing(from node: Node, path: [PathElement], session: DecodingSession) -> [String] {
        switch node.value {
        case .table(let entries):
            let asked = session.asked[ObjectIdentifier(node)] ?? []
            let there = entries.map(\.key)
            return asked.filter { !there.contains($0) }.map { (path + [.key($0)]).text }
                + entries.flatMap { missing(from: $0.node, path: path + [.key($0.key)], session: session) }
        case .array(let nodes):
            return nodes.enumerated().flatMap { missing(from: $1, path: path + [.index($0)], session: session) }
        default: return []
        }
    }
}
