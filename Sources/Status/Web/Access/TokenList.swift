import Hashing

/// The tokens by which somebody elsewhere shows who he is: the role, the name and the digest of each.
///
/// A token is 256 random bits, so nobody finds it by its digest, and no slow hash is needed: who reads the list cannot
/// come in by it.
package struct TokenList: Sendable, Equatable {
    /// A token, without the token itself.
    package struct Entry: Sendable, Equatable {
        /// What whoever has it may do.
        package var role: AccessRole
        /// What it is called.
        package var name: String
        /// SHA-256 of its text.
        package var digest: [UInt8]
    }

    /// In the order of the file.
    package private(set) var entries: [Entry] = []
    private var places: [[UInt8]: Int] = [:]

    /// The most tokens of a list.
    package static let limit = 1000
    private static let prefix = "dropwire_"
    private static let digestName = "sha256:"

    /// Makes a list without tokens.
    package init() {}

    /// Reads the text of a file: a line `ROLE NAME sha256:DIGEST` each; one that begins with `#` is a comment.
    ///
    /// - Parameter name: stands for the file in what is thrown.
    package init(text: String, name: String) throws(TokenProblem) {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            func problem(_ message: String) -> TokenProblem {
                TokenProblem(description: "\(name):\(index + 1): \(message)")
            }
            guard words.count == 3 else {
                throw problem("a line is: ROLE NAME sha256:DIGEST (`dropwire token add` writes it)")
            }
            guard let role = AccessRole(word: first) else {
                throw problem("'\(first.prefix(40))' is no role; there are read and operate")
            }
            guard TokenList.isName(words[1]) else { throw problem(TokenList.nameRule) }
            guard words[2].hasPrefix(TokenList.digestName),
                let digest = Hexadecimal.decode(words[2].dropFirst(TokenList.digestName.count)), digest.count == 32
            else { throw problem("'\(words[2].prefix(80))' is no digest: sha256: and 64 hexadecimal digits") }
            guard entry(named: words[1]) == nil else { throw problem("there is a token '\(words[1])' above already") }
            guard places[digest] == nil else { throw problem("the same token stands above already") }
            guard entries.count < TokenList.limit else { throw problem("a list has at most \(TokenList.limit) tokens") }
            append(Entry(role: role, name: words[1], digest: digest))
        }
    }

    /// What is said of a name that is none.
    package static let nameRule = "a name is 1 to 64 of A-Z a-z 0-9 . _ @ -"

    /// Returns whether a text may be the name of a token.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._@-".utf8.contains(byte)
                }
            }
    }

    /// Returns what is known of a token; nil where it is none of the list.
    package func entry(of token: String) -> Entry? {
        // Comparing digests tells by its time nothing that leads to a token.
        places[SHA256.hash(Array(token.utf8))].map { entries[$0] }
    }

    /// Returns the token of a name.
    package func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

    /// Adds a new token and returns it: it stands nowhere else.
    package mutating func add(_ name: String, role: AccessRole) -> String {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        // 43 characters of six bits each.
        let characters = (0..<43).map { _ in alphabet[Int.random(in: 0..<64, using: &generator)] }
        let token = TokenList.prefix + String(decoding: characters, as: UTF8.self)
        append(Entry(role: role, name: name, digest: SHA256.hash(Array(token.utf8))))
        return token
    }

    private mutating func append(_ entry: Entry) {
        places[entry.digest] = entries.count
        entries.append(entry)
    }
}

extension TokenList.Entry {
    /// Its line in the file.
    var line: String { "\(role.word) \(name) sha256:\(Hexadecimal.encode(digest))" }
}

/// Why a list of tokens cannot be read or written.
package struct TokenProblem: Error, CustomStringConvertible, Equatable {
    package let description: String
}
