import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Status

/// The list of tokens and its file, and the sessions of browsers.
@Suite struct TokenTests {
    private let scratch: ScratchDirectory
    private let file: TokenFile

    init() throws {
        scratch = try ScratchDirectory()
        file = TokenFile(path: scratch.path("tokens"))
    }

    private static let digest = String(repeating: "ab", count: 32)

    private func problem(_ text: String) -> String? {
        do throws(TokenProblem) {
            _ = try TokenList(text: text, name: "t")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a token is known by its digest, and stands nowhere`() throws {
        let first = try file.add("alice@desk", role: .operate)
        let second = try file.add("prometheus", role: .read)
        #expect(first != second && first.hasPrefix("dropwire_") && first.utf8.count == 52)
        let list = try file.read()
        #expect(list.entry(of: first)?.name == "alice@desk" && list.entry(of: first)?.role == .operate)
        #expect(list.entry(of: second)?.role == .read)
        for other in ["", "x", String(first.dropLast()), first + "A", first.uppercased()] {
            #expect(list.entry(of: other) == nil)
        }
        let text = String(decoding: scratch.read("tokens") ?? [], as: UTF8.self)
        #expect(!text.contains(first.dropFirst(9)) && text.hasPrefix("# ") && text.hasSuffix("\n"))
        #expect(scratch.attributes("tokens")?.mode == 0o640)
    }

    @Test func `a name stands once, and what is removed is gone, with nothing else changed`() throws {
        let first = try file.add("a", role: .read)
        _ = try file.add("b", role: .operate)
        #expect(throws: TokenProblem.self) { try file.add("a", role: .operate) }
        try scratch.write((scratch.read("tokens") ?? []) + Array("# a comment of mine\n".utf8), to: "tokens")
        try scratch.setMode("tokens", 0o600)
        try file.remove("a")
        #expect(try file.read().entries.map(\.name) == ["b"] && file.read().entry(of: first) == nil)
        #expect(String(decoding: scratch.read("tokens") ?? [], as: UTF8.self).hasSuffix("# a comment of mine\n"))
        #expect(scratch.attributes("tokens")?.mode == 0o600)
        #expect(throws: TokenProblem.self) { try file.remove("a") }
        #expect(scratch.list() == ["tokens"])
    }

    @Test(arguments: [
        ("read a", "t:1: a line is: ROLE NAME sha256:DIGEST"),
        ("# c\n\nroot a sha256:\(digest)", "t:3: 'root' is no role"),
        ("open a sha256:\(digest)", "t:1: 'open' is no role"), ("read a/b sha256:\(digest)", "t:1: a name is 1 to 64"),
        ("read \(String(repeating: "a", count: 65)) sha256:\(digest)", "t:1: a name is 1 to 64"),
        ("read a \(digest)", "t:1: '\(digest)' is no digest"),
        ("read a sha256:abcd", "t:1: 'sha256:abcd' is no digest"),
        ("read a sha256:\(digest)\nread a sha256:\(digest)", "t:2: there is a token 'a' above"),
        ("read a sha256:\(digest)\r\noperate b sha256:\(digest)", "t:2: the same token stands above"),
    ])
    func `a line that says nothing is told`(text: String, beginning: String) {
        #expect(problem(text)?.hasPrefix(beginning) == true, "\(problem(text) ?? "nothing")")
    }

    @Test func `a list has its limit`() {
        func lines(_ count: Int) -> String {
            (0..<count).map {
                "read n\($0) sha256:\(String(repeating: "0", count: 60))\(String(10_000 + $0).dropFirst())\n"
            }
            .joined()
        }
        #expect(problem(lines(TokenList.limit)) == nil)
        #expect(problem(lines(TokenList.limit + 1))?.contains("at most 1000 tokens") == true)
    }

    @Test(arguments: [(0o640, true), (0o600, true), (0o400, true), (0o644, false), (0o660, false), (0o602, false)])
    func `a file that others can write or read is refused`(mode: Int, isTaken: Bool) throws {
        _ = try file.add("a", role: .read)
        try scratch.setMode("tokens", UInt32(mode))
        #expect(((try? file.read()) != nil) == isTaken)
    }

    @Test func `what is no list is told`() throws {
        #expect(throws: TokenProblem.self) { try file.read() }
        #expect(throws: TokenProblem.self) { try TokenFile(path: scratch.path).read() }
        for bytes in [[0xff], [UInt8](repeating: 0x0a, count: 1 << 20 + 1)] as [[UInt8]] {
            try scratch.write(bytes, to: "tokens")
            try scratch.setMode("tokens", 0o600)
            #expect(throws: TokenProblem.self) { try file.read() }
        }
    }

    // MARK: Sessions

    @Test func `a session is its token's, has an end, and cannot be made up`() throws {
        var list = TokenList()
        _ = list.add("a.b", role: .operate)
        _ = list.add("c", role: .read)
        let entry = try #require(list.entry(named: "a.b"))
        let seal = SessionSeal(secret: [1, 2, 3])
        let session = seal.session(of: entry, at: 1000)
        let end = 1000 + SessionSeal.lifetime.components.seconds
        #expect(seal.entry(of: session, in: list, at: end - 1) == entry)
        #expect(seal.entry(of: session, in: list, at: end) == nil)
        // Its token was taken away, or is another one of the same name.
        #expect(seal.entry(of: session, in: TokenList(), at: 1000) == nil)
        var other = TokenList()
        _ = other.add("a.b", role: .operate)
        #expect(seal.entry(of: session, in: other, at: 1000) == nil)
        #expect(SessionSeal(secret: [1, 2, 4]).entry(of: session, in: list, at: 1000) == nil)
        let parts = session.split(separator: ".").map(String.init)
        for changed in [
            "", ".", "..", "a", session + "0", String(session.dropLast()), session.replacing("a.b", with: "c"),
            session.replacing(parts[0], with: "99999999999"), String(repeating: "9", count: 300),
            "-1.a.b.\(parts[3])", "1e9.a.b.\(parts[3])",
        ] { #expect(seal.entry(of: changed, in: list, at: 1000) == nil, "\(changed)") }
        for index in session.indices {
            var changed = session
            changed.replaceSubrange(index...index, with: session[index] == "1" ? "2" : "1")
            #expect(seal.entry(of: changed, in: list, at: 1000) == nil, "\(changed)")
        }
    }

    @Test func `the secret of sessions is kept, for the service alone`() throws {
        var list = TokenList()
        _ = list.add("a", role: .read)
        let entry = try #require(list.entry(named: "a"))
        let session = try SessionSeal(path: scratch.path("key")).session(of: entry, at: 0)
        #expect(scratch.attributes("key")?.mode == 0o600 && scratch.size("key") == 32)
        #expect(try SessionSeal(path: scratch.path("key")).entry(of: session, in: list, at: 1) == entry)
        // Cut short by a full disk: a new one, and all sign in again.
        try scratch.write([1], to: "key")
        #expect(try SessionSeal(path: scratch.path("key")).entry(of: session, in: list, at: 1) == nil)
        #expect(scratch.size("key") == 32)
        #expect(throws: (any Error).self) { try SessionSeal(path: scratch.path("no/key")) }
    }
}
