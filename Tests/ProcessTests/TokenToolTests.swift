import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// Tokens for the page and the API, with the built program.
@Suite struct TokenToolTests {
    private let dropwire: Installation
    private let file: String

    init() throws {
        dropwire = try Installation()
        file = dropwire.scratch.path("tokens")
    }

    private func token(_ arguments: String...) throws -> TestedProcess {
        try BuiltProgram.run(["token"] + arguments + ["--file", file])
    }

    @Test func `a token is printed once, listed without itself, and removed`() throws {
        let added = try token("add", "alice", "--role", "operate")
        #expect(added.ending == .exited(0), "\(added.errorOutput)")
        let secret = added.output.split(separator: "\n").joined()
        #expect(secret.hasPrefix("dropwire_") && added.errorOutput.contains("shown this once"))
        #expect(!String(decoding: dropwire.scratch.read("tokens") ?? [], as: UTF8.self).contains(secret.dropFirst(9)))
        #expect(try token("add", "alice").ending == .exited(1))
        let json = try token("add", "bob", "--json")
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(json.output.utf8))["role"] == .string("read"))
        #expect(try token("list").output == "operate alice\nread bob\n")
        #expect(try token("remove", "alice").ending == .exited(0))
        #expect(try token("list", "--json").output == "{\"name\":\"bob\",\"role\":\"read\"}\n")
        #expect(try token("remove", "alice").ending == .exited(1))
    }

    @Test(arguments: [
        ["add"], ["add", "a/b"], ["add", "a", "b"], ["list", "a"], ["make", "a"], [], ["list", "--role", "read"],
        ["add", "a", "--role", "root"],
    ])
    func `what it does not understand is wrong usage`(arguments: [String]) throws {
        #expect(try BuiltProgram.run(["token"] + arguments + ["--file", file]).ending == .exited(64))
    }
}
