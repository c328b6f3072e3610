import TestSupport
import Testing

@testable import Systemd

/// Entries for the journal, by a socket in the place of its own.
@Suite(.timeLimit(.minutes(20))) struct JournalSocketTests {
    private let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    @Test func `an entry has its fields, whatever their values hold`() throws {
        let journal = try JournalReceiver(path: scratch.path("socket"))
        let socket = try #require(JournalSocket(path: journal.path))
        let fields = [
            ("MESSAGE", "plain"), ("A", ""), ("B", "x=y"), ("C", "two\nMESSAGE=lines\n"), ("D", "\u{0}\u{1b}é"),
            ("E", String(repeating: "long ", count: 20_000)),
        ]
        #expect(socket.send(fields))
        let entry = try #require(try journal.next())
        #expect(entry == Dictionary(uniqueKeysWithValues: fields))
    }

    @Test func `the bytes are those of the protocol`() {
        #expect(JournalSocket.datagram([("A", "b"), ("C", "d\n")]) == Array("A=b\nC\n\u{2}\0\0\0\0\0\0\0d\n\n".utf8))
    }

    @Test func `nothing is sent where nobody is, and it is sent when somebody comes`() throws {
        let socket = try #require(JournalSocket(path: scratch.path("socket")))
        #expect(!socket.send([("MESSAGE", "lost")]))
        let journal = try JournalReceiver(path: scratch.path("socket"))
        #expect(socket.send([("MESSAGE", "heard")]))
        #expect(try journal.next()?["MESSAGE"] == "heard")
        #expect(JournalSocket(path: String(repeating: "x", count: 108)) == nil)
    }

    @Test func `a journal that stands still, or takes no more at once, is not waited for`() throws {
        let journal = try JournalReceiver(path: scratch.path("socket"))
        let socket = try #require(JournalSocket(path: journal.path))
        #expect(!socket.send([("MESSAGE", String(repeating: "x", count: 4 << 20))]))
        var taken = 0
        // Nobody reads: the queue of a socket has an end.
        while socket.send([("MESSAGE", "\(taken)")]) { taken += 1 }
        #expect(taken > 0)
        for number in 0..<taken { #expect(try journal.next()?["MESSAGE"] == "\(number)") }
        #expect(socket.send([("MESSAGE", "again")]))
    }
}
