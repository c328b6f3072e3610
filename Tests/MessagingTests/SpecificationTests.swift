import Articles
import FoundationEssentials
import SQLite
import TestSupport
import Testing
import ZeroMQ

@testable import Messaging

/// The dumps of the specification, held byte for byte to what the code makes and reads.
@Suite struct SpecificationTests {
    private static let stream = StreamID("00112233-4455-6677-8899-aabbccddeeff")!
    private static let time: Int64 = 1_740_540_420_123
    private static let topic = "art/agency/en/"
    private static let record =
        #"{"v":1,"type":"article","id":"5d41402abc4b2a76b9719d911017c592","source":"agency","title":"Harbour reopens"}"#

    private static func position(_ seq: UInt64, _ delay: Int64 = 0) -> Position {
        Position(stream: stream, epoch: 1, seq: seq, timeMilliseconds: time + delay)
    }

    // MARK: Frames

    @Test func `the position of the specification is what the code makes and reads`() throws {
        let dump = try Dump("position")
        let frame = PositionFrame(kind: .record, position: Self.position(259))
        #expect(dump.frames == [frame.bytes])
        #expect(PositionFrame(dump.frames[0]) == frame)
        #expect(frame.position.cursor.description == "dw1:\(Self.stream):1:259:\(Self.time)")
    }

    @Test(arguments: [
        ("feed", topic, PositionFrame.Kind.record, 259, 0), ("reference", topic, .reference, 260, 500),
        ("head", "!head", .head, 259, 700), ("bye", "!bye", .bye, 259, 900),
    ])
    func `the messages of the feed stand behind such positions`(
        name: String, topic: String, kind: PositionFrame.Kind, seq: UInt64, delay: Int64
    ) throws {
        let dump = try Dump(name)
        try #require(dump.frames.count == 3)
        #expect(dump.texts[0] == topic)
        #expect(PositionFrame(dump.frames[1]) == PositionFrame(kind: kind, position: Self.position(seq, delay)))
        #expect(dump.frames[1] == PositionFrame(kind: kind, position: Self.position(seq, delay)).bytes)
    }

    // MARK: Feed

    @Test func `the feed sends such messages`() throws {
        let house = try LogHouse()
        let peer = try RawPeer(.sub, house.context, house.feedEndpoint, keeping: house)
        func next(_ topic: String) throws -> [[UInt8]] {
            while true {
                let frames = try peer.receive()
                if frames[0] == Array(topic.utf8) { return frames }
            }
        }
        // What differs from start to start aside, HEAD has the members of the dump in their order.
        let head = try #require(String(validating: next("!head")[2], as: UTF8.self))
        #expect(Self.members(head) == Self.members(try Dump("head").texts[2]))
        #expect(Self.members(head) == ["boot", "low", "interval_ms", "log", "name"])
        try house.append([Self.record], topic: Self.topic)
        #expect(try next(Self.topic)[2] == Dump("feed").frames[2])
        let start = #"{"v":1,"type":"article","id":"5d41402abc4b2a76b9719d911017c592","body":""#
        try house.append(
            [start + String(repeating: "x", count: 70_000 - start.utf8.count - 2) + "\"}"], topic: Self.topic)
        #expect(try next(Self.topic)[2] == Dump("reference").frames[2])
        house.stop()
        #expect(try next("!bye")[2] == Dump("bye").frames[2])
    }

    private static func members(_ json: String) -> [String] {
        json.matches(of: /[{,]"([a-z_]+)":/).map { String($0.output.1) }
    }

    // MARK: Log

    @Test func `the request of the specification is what the client makes and the server reads`() throws {
        let dump = try Dump("request")
        let cursor = Cursor(stream: Self.stream, epoch: 1, seq: 258, timeMilliseconds: Self.time - 1000)
        let json = LogRequests.fetch(
            after: cursor, topics: ["art/"], maximum: 10, maximumBytes: 65_536, waitMilliseconds: 5000)
        #expect(dump.frames == [Array("DW1".utf8), Array("FETCH".utf8), [0, 0, 0, 42], json])
        guard
            case .request(let request) = Envelope.parse(
                [[1]] + dump.frames, frameCount: dump.frames.count + 1, limits: Envelope.Limits())
        else {
            Issue.record("it is no request")
            return
        }
        #expect(request.command == "FETCH" && request.id == [0, 0, 0, 42] && request.payload.isEmpty)
        let body = try request.decode(LogDesk.FetchBody.self)
        #expect(body.stream == Self.stream && body.epoch == 1 && body.after == 258)
        #expect(body.timeMilliseconds == Self.time - 1000 && body.maximum == 10 && body.maximumBytes == 65_536)
        #expect(body.waitMilliseconds == 5000 && body.topics == ["art/"])
    }

    @Test func `a server that has the log of the specification answers byte for byte what stands there`() throws {
        let house = try LogHouse(directory: Self.directory())
        let peer = try house.dealer()
        try peer.send(Dump("request").frames)
        let reply = try Dump("reply")
        #expect(try peer.receive() == reply.frames)
        let read = try FetchReply(Reply(json: reply.frames[3], payload: Array(reply.frames[4...])))
        #expect(read.records.map(\.position) == [Self.position(259)])
        #expect(read.records.map { String(decoding: $0.bytes, as: UTF8.self) } == [Self.record])
        #expect(read.next == Self.position(259).cursor && read.low == 257 && read.head == 259)

        try peer.send(
            ["DW1", "FETCH"].map { Array($0.utf8) } + [
                [0, 0, 0, 43], Array(#"{"stream":"\#(Self.stream)","epoch":1,"after":3}"#.utf8),
            ])
        let expired = try Dump("expired")
        #expect(try peer.receive() == expired.frames)
        let error = WireError(json: RawReply(expired.frames).json)
        #expect(error.code == 410 && error.fields == ["low": .integer(257), "head": .integer(259)])
        #expect(error.json == expired.frames[3])
    }

    /// A directory with the log of the specification: the records 257 to 259 of its stream.
    private static func directory() throws -> ScratchDirectory {
        let directory = try ScratchDirectory()
        let connection = try Connection(path: directory.path("log.sqlite"))
        try connection.configure(durability: .normal)
        _ = try ArticleLog(connection: connection)
        try connection.execute(
            """
            UPDATE meta SET v='\(stream)' WHERE k='stream';
            INSERT INTO topic(id, name) VALUES (1, '\(topic)');
            INSERT INTO log(seq, time_ms, topic, rec) VALUES
                (257, \(time - 2000), 1, CAST('{}' AS BLOB)), (258, \(time - 1000), 1, CAST('{}' AS BLOB)),
                (259, \(time), 1, CAST('\(record)' AS BLOB));
            """)
        return directory
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        self[..<(lastIndex { $0 != character }.map { index(after: $0) } ?? startIndex)]
    }
}

/// A dump of the specification: the frames of a message.
private struct Dump {
    let frames: [[UInt8]]
    var texts: [String] { frames.map { String(decoding: $0, as: UTF8.self) } }

    /// Reads the block behind `<!-- dump: NAME -->`; its offsets and its right column must be right, too.
    init(_ name: String) throws {
        let path = #filePath.prefix(upTo: #filePath.firstRange(of: "/Tests/MessagingTests/")!.lowerBound)
        let page = try String(
            contentsOf: URL(filePath: path + "/Sources/Messaging/Messaging.docc/Wire.md"), encoding: .utf8)
        guard let mark = page.firstRange(of: "<!-- dump: \(name) -->\n```\n"),
            let end = page[mark.upperBound...].firstRange(of: "\n```")
        else { throw Trouble("Wire.md has no dump '\(name)'") }
        var frames: [[UInt8]] = []
        var sizes: [Int] = []
        for line in page[mark.upperBound..<end.lowerBound].split(separator: "\n") {
            if let head = line.wholeMatch(of: /frame (\d+), (\d+) bytes/) {
                frames.append([])
                sizes.append(Int(head.output.2)!)
                guard Int(head.output.1) == frames.count else { throw Trouble("\(name): frames are not in order") }
                continue
            }
            guard let row = line.wholeMatch(of: /([0-9a-f]{4})  ((?:[0-9a-f]{2} {1,2}){1,16}) *(.*)/), !frames.isEmpty,
                Int(row.output.1, radix: 16) == frames[frames.count - 1].count
            else { throw Trouble("\(name): '\(line)' is no line of a dump, or not the next one") }
            let bytes = row.output.2.split(separator: " ").map { UInt8($0, radix: 16)! }
            let text = bytes.map { (32..<127).contains($0) ? Character(UnicodeScalar($0)) : "." }
            // An editor takes blanks at the end of a line away.
            guard String(text).trimmingSuffix(" ") == row.output.3 else {
                throw Trouble("\(name): the text of '\(line)' is another one")
            }
            frames[frames.count - 1] += bytes
        }
        guard frames.map(\.count) == sizes else { throw Trouble("\(name): frames have other sizes than they say") }
        self.frames = frames
    }
}
