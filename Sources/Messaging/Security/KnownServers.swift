import ZeroMQ

/// The public keys of servers: the file `known_servers`, a line `HOST KEY` or `HOST:PORT KEY`.
///
/// A host may have several lines: a server gets a new key without a gap when its clients know the new one beforehand. A
/// client tries them in order.
package struct KnownServers: Sendable, Equatable {
    private var keys: [String: [String]] = [:]

    /// A list of nobody.
    package init() {}

    /// Reads the file at `path`.
    ///
    /// - Throws: ``SecurityProblem`` that names the first line that says nothing, and what would.
    package init(path: String) throws(SecurityProblem) {
        try self.init(text: SecurityProblem.text(ofFile: path, what: "known_servers"), name: path)
    }

    /// Reads a text; `name` stands for the file in what is thrown.
    package init(text: String, name: String) throws(SecurityProblem) {
        for line in ListLine.lines(of: text, name: name) {
            guard line.words.count == 2 else { throw line.problem("a server's line is: HOST KEY, or HOST:PORT KEY") }
            guard CurveKeyPair.isKey(line.words[1]) else {
                throw line.problem(
                    "'\(line.words[1].prefix(60))' is no public key: those have 40 characters (`dropwire keygen`)")
            }
            keys[KnownServers.name(line.words[0]), default: []].append(line.words[1])
        }
    }

    /// The keys that the server of a tcp endpoint may have: those of its host and port first, then those of its host.
    package func keys(of endpoint: Endpoint) -> [String] {
        guard let host = endpoint.tcpHost else { return [] }
        let name = KnownServers.name(String(endpoint.description.dropFirst(6)))
        return (keys[name] ?? []) + (keys[KnownServers.name(host)] ?? [])
    }

    /// Names of hosts know no capitals.
    private static func name(_ text: String) -> String { text.lowercased() }
}
