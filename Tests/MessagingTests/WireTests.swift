import Articles
import Testing

@testable import Messaging

@Suite struct WireTests {
    static let stream = StreamID("00112233-4455-6677-8899-aabbccddeeff")!
    // struct.pack('>2sBBI16sQq', b'DW', 1, 1, 7, uuid.bytes, 0x0102030405060708, 1740540420123)
    static let fixture: [UInt8] = [
        0x44, 0x57, 0x01, 0x01, 0x00, 0x00, 0x00, 0x07, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
        0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x00, 0x00, 0x01, 0x95,
        0x40, 0x4b, 0x20, 0x1b,
    ]
    static let position = Position(
        stream: stream, epoch: 7, seq: 0x0102_0304_0506_0708, timeMilliseconds: 1_740_540_420_123)

    @Test func `a position frame is these 40 bytes`() {
        let frame = PositionFrame(kind: .record, position: WireTests.position)
        #expect(frame.bytes == WireTests.fixture)
        #expect(PositionFrame(WireTests.fixture) == frame)
    }

    @Test(arguments: [PositionFrame.Kind.record, .head, .bye, .reference])
    func `every kind goes there and back, with the extremes of every field`(kind: PositionFrame.Kind) {
        for (epoch, seq, time) in [(UInt32(0), UInt64(0), Int64.min), (.max, .max, .max), (1, 1, -1)] {
            let frame = PositionFrame(
                kind: kind,
                position: Position(stream: WireTests.stream, epoch: epoch, seq: seq, timeMilliseconds: time))
            #expect(frame.bytes.count == 40)
            #expect(frame.bytes[3] == kind.rawValue)
            #expect(PositionFrame(frame.bytes) == frame)
        }
    }

    @Test func `no truncation and no lengthening of a frame is a frame`() {
        for count in 0..<40 { #expect(PositionFrame(Array(WireTests.fixture.prefix(count))) == nil) }
        #expect(PositionFrame(WireTests.fixture + [0]) == nil)
    }

    @Test func `another magic, version or kind is no frame`() {
        for (index, byte) in [(0, UInt8(0x45)), (1, 0x58), (2, 0), (2, 2), (3, 0), (3, 5), (3, 255)] {
            var bytes = WireTests.fixture
            bytes[index] = byte
            #expect(PositionFrame(bytes) == nil)
        }
    }

    @Test func `a cursor has this text`() {
        let text = "dw1:00112233-4455-6677-8899-aabbccddeeff:7:72623859790382856:1740540420123"
        #expect(WireTests.position.cursor.description == text)
        #expect(Cursor(text) == WireTests.position.cursor)
    }

    @Test func `no truncation of a cursor's text is taken for another cursor`() {
        let text = "dw1:00112233-4455-6677-8899-aabbccddeeff:7:8:-90"
        #expect(Cursor(text) != nil)
        // A shorter number is a number: only the last digits may go, and what they say is read back as it stands.
        for count in 0..<text.utf8.count {
            let part = String(text.prefix(count))
            #expect(Cursor(part).map(\.description) ?? part == part)
            if count < text.utf8.count - 1 { #expect(Cursor(part) == nil) }
        }
    }

    @Test(arguments: [
        "dw2:00112233-4455-6677-8899-aabbccddeeff:7:8:9", "dw1:00112233-4455-6677-8899-aabbccddeef:7:8:9",
        "dw1:00112233-4455-6677-8899-aabbccddeeff:-7:8:9", "dw1:00112233-4455-6677-8899-aabbccddeeff:7:-8:9",
        "dw1:00112233-4455-6677-8899-aabbccddeeff:4294967296:8:9", "dw1:00112233-4455-6677-8899-aabbccddeeff:7:8:9:1",
        "dw1:00112233-4455-6677-8899-aabbccddeeff:7:+8:9", "dw1:00112233-4455-6677-8899-aabbccddeeff:07:8:9", "",
        "dw1:001122334455-6677-8899-aabbccddeeff----:7:8:9",
    ])
    func `what is no cursor is refused`(text: String) { #expect(Cursor(text) == nil) }

    @Test func `a new stream's name is a random UUID of version 4`() {
        let names = (0..<64).map { _ in StreamID.random() }
        #expect(Set(names).count == 64)
        for name in names {
            #expect(name.bytes[6] >> 4 == 4)
            #expect(name.bytes[8] >> 6 == 2)
            #expect(StreamID(name.description) == name)
            #expect(StreamID(name.description.uppercased()) == name)
        }
    }

    @Test func `an error's json holds the fields that help`() throws {
        let error = WireError(
            .epoch, "EPOCH", "said \"so\"", retryMilliseconds: 5, fields: ["low": .integer(1), "head": .integer(9)])
        let text = #"{"code":409,"name":"EPOCH","msg":"said \"so\"","retry_ms":5,"head":9,"low":1}"#
        #expect(String(decoding: error.json, as: UTF8.self) == text)
        let value = RawReply([[], [], [], error.json]).json
        #expect(WireError(json: value) == error)
    }
}

@Suite struct EnvelopeTests {
    let limits = Envelope.Limits()
    func parse(_ frames: [[UInt8]]) -> Envelope.Incoming {
        Envelope.parse(frames, frameCount: frames.count, limits: limits)
    }
    func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }
    func refusal(_ frames: [[UInt8]]) -> RawReply? {
        if case .refused(let answer) = parse(frames) { return RawReply(Array(answer.drop { $0.isEmpty || $0 == [1] })) }
        return nil
    }

    @Test func `a request is read with and without the delimiter of REQ`() throws {
        for delimiter in [[], [[UInt8]()]] {
            guard case .request(let request) = parse([[1]] + delimiter + bytes(["DW1", "PING", "r", "{}", "more"]))
            else {
                Issue.record("not a request")
                return
            }
            #expect(request.address == [[1]] + delimiter)
            #expect(request.command == "PING")
            #expect(request.id == Array("r".utf8))
            #expect(request.payload == bytes(["more"]))
            let reply = Envelope.encode(address: request.address, id: request.id, outcome: .success(Reply()))
            #expect(reply == [[1]] + delimiter + bytes(["DW1", "OK", "r", "{}"]))
        }
    }

    @Test func `nothing is answered to whom does not speak DW`() {
        for frames in [[], [[1]], [[1], []], [[1], [0x44]], [[1], Array("XW1".utf8), [2]], [[1], [], []]] as [[[UInt8]]]
        {
            if case .ignored = parse(frames) { continue }
            Issue.record("answered \(frames)")
        }
    }

    @Test func `another version gets 505 with its request id, whatever follows`() {
        for version in ["DW2", "DW", "DW10", "DW1 "] {
            let reply = refusal([[1]] + bytes([version, "NEW", "rid", "not json"]))
            #expect(reply?.code == 505)
            #expect(reply?.id == "rid")
            #expect(reply?["supported"] == .array([.integer(1)]))
            #expect(refusal([[1]] + bytes([version]))?.code == 505)
        }
    }

    @Test func `a request id has at most 64 bytes`() {
        if case .request = parse([[1]] + bytes(["DW1", "PING", String(repeating: "x", count: 64), "{}"])) {
        } else {
            Issue.record("64 bytes were refused")
        }
        let reply = refusal([[1]] + bytes(["DW1", "PING", String(repeating: "x", count: 65), "{}"]))
        #expect(reply?.code == 400)
        #expect(reply?.id == "")
    }

    @Test func `a request has at most eight frames`() {
        let eight = bytes(["DW1", "PING", "r", "{}", "5", "6", "7", "8"])
        for address in [[[UInt8(1)]], [[UInt8(1)], []]] {
            if case .request = parse(address + eight) {} else { Issue.record("eight frames were refused") }
            #expect(refusal(address + eight + bytes(["9"]))?.code == 413)
        }
    }

    @Test func `a json frame has at most 64 KiB`() {
        let text = "{\"a\":\"" + String(repeating: "x", count: (64 << 10) - 8) + "\"}"
        #expect(text.utf8.count == 64 << 10)
        if case .request = parse([[1]] + bytes(["DW1", "PING", "r", text])) {} else { Issue.record("refused at n") }
        #expect(refusal([[1]] + bytes(["DW1", "PING", "r", text + " "]))?.code == 413)
    }

    @Test func `what lacks a frame or has no word for a command gets 400`() {
        #expect(refusal([[1]] + bytes(["DW1"]))?.code == 400)
        #expect(refusal([[1]] + bytes(["DW1", "PING"]))?.code == 400)
        #expect(refusal([[1]] + bytes(["DW1", "PING", "r"]))?.code == 400)
        #expect(refusal([[1]] + bytes(["DW1", "PING", "r"]))?.id == "r")
        #expect(refusal([[1], Array("DW1".utf8), [0xff, 0xfe], [], Array("{}".utf8)])?.code == 400)
        #expect(refusal([[1]] + bytes(["DW1", String(repeating: "P", count: 65), "r", "{}"]))?.code == 400)
    }
}
