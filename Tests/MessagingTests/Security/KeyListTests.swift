import Glibc
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// The files of keys: what stands in them, and what is said of what cannot be read.
@Suite struct KeyListTests {
    private let first = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    private let second = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"

    private func problem(_ body: () throws(SecurityProblem) -> Void) -> String {
        do throws(SecurityProblem) {
            try body()
            return "none"
        } catch { return error.description }
    }

    @Test func `a list names keys, users and groups with their roles`() throws {
        let list = try AuthorizedKeys(
            text: """
                # Who may do what.
                curve \(first)  desk   feed,log

                \tcurve \(second) hub admin\r
                uid 1001 log
                uid 1001 claim
                uid root search
                gid 990 report
                """, name: "a")
        #expect(list.roles(of: .key(first)) == [.feed, .log])
        #expect(list.roles(of: .key(second)) == .admin)
        #expect(list.roles(of: .key("other")) == [])
        func none(_ user: UInt32, _ group: UInt32) -> [UInt32] { [group] }
        #expect(list.roles(of: .user(1001, group: 5), groups: none) == [.log, .claim])
        #expect(list.roles(of: .user(1001, group: 990), groups: none) == [.log, .claim, .report])
        #expect(list.roles(of: .user(1002, group: 5), groups: { _, _ in [5, 990] }) == .report)
        #expect(list.roles(of: .user(1002, group: 5), groups: none) == [])
        #expect(list.roles(of: .user(0, group: 0)) == .all && list.roles(of: .user(geteuid(), group: 7)) == .all)
    }

    @Test func `a list without users leaves Unix sockets to their mode`() throws {
        let list = try AuthorizedKeys(text: "curve \(first) desk log\n", name: "a")
        #expect(list.roles(of: .user(1002, group: 5)) == .all)
        #expect(list.roles(of: .loopback) == .all)
    }

    @Test(arguments: [
        ("curve x desk log", "a:2: 'x' is no public key: those have 40 characters"),
        ("curve KEY log", "a:2: a key's line is: curve KEY NAME ROLES"),
        ("curve KEY desk log,read", "a:2: 'read' is no role; there are feed,log,claim,report,search,admin"),
        ("curve KEY desk log,", "a:2: '' is no role"),
        ("curve KEY desk log\ncurve KEY hub log", "a:3: the key stands above already, as 'desk'"),
        ("uid 1001", "a:2: a user's line is: uid USER ROLES"),
        ("uid no.such.user log", "a:2: there is no user 'no.such.user'"),
        ("gid no.such.group log", "a:2: there is no group 'no.such.group'"),
        ("key KEY desk log", "a:2: a line begins with curve, uid or gid, not 'key'"),
    ])
    func `what a list cannot say is told with its line`(text: String, expected: String) {
        let text = "# a comment\n" + text.replacing("KEY", with: first)
        let problem = problem { () throws(SecurityProblem) in _ = try AuthorizedKeys(text: text, name: "a") }
        #expect(problem.hasPrefix(expected), "\(problem)")
    }

    @Test func `a server may have several keys, those of its port first`() throws {
        let third = try CurveKeyPair().publicKey
        let list = try KnownServers(
            text: "Hub.example \(first)\nhub.example:8472 \(second)\nhub.example \(third)\n[::1] \(first)\n", name: "k")
        func keys(_ address: String) throws -> [String] { list.keys(of: try Endpoint(connecting: address)) }
        #expect(try keys("tcp://hub.example:8472") == [second, first, third])
        #expect(try keys("tcp://HUB.example:1") == [first, third])
        #expect(try keys("tcp://other.example:1") == [])
        #expect(try keys("tcp://[::1]:1") == [first])
        #expect(try keys("ipc:///tmp/x") == [])
        #expect(
            problem { () throws(SecurityProblem) in _ = try KnownServers(text: "hub\n", name: "k") }
                == "k:1: a server's line is: HOST KEY, or HOST:PORT KEY")
    }

    @Test func `a key file is for its owner only and never written over`() throws {
        let directory = try ScratchDirectory()
        let pair = try CurveKeyPair()
        let path = directory.path("key")
        try KeyFile.write(pair, to: path)
        #expect(directory.attributes("key")?.mode == 0o600)
        #expect(try KeyFile.read(file: path) == pair)
        #expect(
            problem { () throws(SecurityProblem) in try KeyFile.write(pair, to: path) }.contains("is there already"))
        try directory.setMode("key", 0o640)
        let open = problem { () throws(SecurityProblem) in _ = try KeyFile.read(file: path) }
        #expect(open.contains("others than its owner may read") && open.contains("chmod 600"))
        #expect(!open.contains(pair.secretKey) && !"\(pair)".contains(pair.secretKey))
        try directory.write("no key\n", to: "other")
        try directory.setMode("other", 0o600)
        let other = problem { () throws(SecurityProblem) in _ = try KeyFile.read(file: directory.path("other")) }
        #expect(other.contains("holds more than a key"))
    }

    @Test func `an identity goes through its text`() {
        for identity in [PeerIdentity.key(first), .user(1001, group: 990), .loopback] {
            #expect(PeerIdentity(userID: identity.userID) == identity)
        }
        for text in ["", "key", "uid 1", "uid -1 2", "loopback 1", "root"] {
            #expect(PeerIdentity(userID: text) == nil)
        }
    }

    @Test(arguments: [
        ("NULL", "localhost:1001:990:77", PeerIdentity.user(1001, group: 990)), ("NULL", "127.0.0.1", .loopback),
        ("NULL", "::1", .loopback), ("NULL", "192.0.2.1", nil), ("NULL", "localhost:1001:990", nil),
        ("PLAIN", "127.0.0.1", nil), ("CURVE", "127.0.0.1", nil),
    ])
    func `who a peer is stands in the question of its handshake`(
        mechanism: String, address: String, expected: PeerIdentity?
    ) {
        #expect(Authenticator.identity(mechanism: mechanism, address: address, credentials: []) == expected)
    }
}
