import Articles
import DropwireClient
import Linux
import Messaging
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct StreamTests {
    let house: ServedLog
    let connection: DropwireClient.Connection

    init() throws {
        house = try ServedLog()
        connection = DropwireClient.Connection(log: [house.logAddress], status: [house.statusAddress])
    }

    func stream(_ start: StreamStart, topics: [String] = []) -> ArticleStream {
        ArticleStream(connection, from: start, topics: topics)
    }

    /// The sequence numbers of the next records.
    func seqs(_ stream: ArticleStream, _ count: Int) async throws -> [UInt64] {
        try await records(stream, count).map(\.position.seq)
    }

    func records(_ stream: ArticleStream, _ count: Int) async throws -> [DropwireClient.Record] {
        var records: [DropwireClient.Record] = []
        for try await record in stream {
            records.append(record)
            if records.count == count { break }
        }
        return records
    }

    func failure(_ stream: ArticleStream) async -> StreamError? {
        do throws(StreamError) {
            for try await _ in stream {}
            return nil
        } catch { return error }
    }

    // MARK: What comes

    @Test func `records come from the beginning, in order, and then as they are committed`() async throws {
        try house.appendArticles(0..<700)
        var iterator = stream(.beginning).makeAsyncIterator()
        for seq in 1...700 { #expect(try await iterator.next()?.position.seq == UInt64(seq)) }
        try house.appendArticles(700..<703)
        for title in ["t700", "t701", "t702"] { #expect(try await iterator.next()?.article?.title == title) }
    }

    @Test func `reading begins at the end, at a time, at a number or behind a cursor`() async throws {
        let old = try house.appendArticles(0..<5)
        try waitUntil("the clock has moved") { Clocks.wallMilliseconds() > old[4].timeMilliseconds + 1 }
        let new = try house.appendArticles(5..<10)
        #expect(try await seqs(stream(.seq(4)), 7) == Array(4...10))
        let time = Timestamp(milliseconds: new[0].timeMilliseconds)
        #expect(try await seqs(stream(.time(time)), 5) == Array(6...10))
        let third = try await records(stream(.beginning), 3)[2].position
        #expect(try await seqs(stream(.cursor(third.cursor)), 7) == Array(4...10))
        let text = third.cursor.description
        #expect(try await seqs(stream(.cursor(#require(Cursor(text)))), 1) == [4])
        #expect(third.stream == old[0].stream.description && third.epoch == 1)

        // Whatever it is that comes first, it was committed after the end was asked for.
        let first = Mutex<UInt64?>(nil)
        let reading = Task { [stream = stream(.end)] in
            for try await record in stream {
                first.withLock { $0 = record.position.seq }
                break
            }
        }
        var number = 10
        while first.withLock({ $0 }) == nil {
            try house.appendArticles(number..<number + 1)
            number += 1
            await Task.yield()
        }
        try await reading.value
        #expect(first.withLock { $0! } > 10)
    }

    @Test func `topics leave out the rest, and batches move the cursor over it`() async throws {
        try house.append([ServedLog.article("a")], topic: "art/bbc/en/")
        try house.append([ServedLog.article("b")], topic: "art/bbc-sport/en/")
        try house.append([ServedLog.article("c")], topic: "art/bbc/fr/")
        try house.append([#"{"v":1,"type":"kill","source":"bbc","uri":"u"}"#], topic: "art/x/en/")
        #expect(try await seqs(stream(.beginning, topics: ["art/bbc/"]), 2) == [1, 3])
        var none = stream(.beginning, topics: ["art/none/"])
        none.patience = .seconds(1)
        for try await batch in none.batches {
            #expect(batch.records.isEmpty && batch.cursor.seq == 4 && batch.isAtEnd)
            break
        }
    }

    @Test func `a record says what it is and is read when it is asked for`() async throws {
        try house.append([
            ServedLog.article("a"), #"{"v":1,"type":"kill","source":"bbc","uri":"u"}"#, #"{"v":1,"type":"novel"}"#,
            #"{"v":1,"type":"article"}"#,
        ])
        let records = try await records(stream(.beginning), 4)
        #expect(records.map(\.type) == [.article, .kill, nil, .article])
        #expect(try records[0].article?.title == "a")
        #expect(records[0].topic == "art/test/en/" && records[1].topic == nil)
        guard case .kill(let kill) = try records[1].content else { throw Trouble("it is no kill") }
        #expect(kill.uri == "u")
        guard case .other = try records[2].content else { throw Trouble("it is known") }
        #expect(try records[1].article == nil)
        #expect(throws: DecodingError.self) { try records[3].article }
        #expect(String(decoding: records[2].bytes, as: UTF8.self) == #"{"v":1,"type":"novel"}"#)
    }

    // MARK: Servers that go

    @Test func `a server that is away for a while costs nothing`() async throws {
        try house.appendArticles(0..<10)
        let troubles = Mutex<[String?]>([])
        var stream = stream(.beginning)
        stream.onTrouble = { trouble in troubles.withLock { $0.append(trouble) } }
        var iterator = stream.makeAsyncIterator()
        for _ in 0..<10 { _ = try await iterator.next() }
        house.stop()
        try house.appendArticles(10..<20)
        try house.start()
        for seq in 11...20 { #expect(try await iterator.next()?.position.seq == UInt64(seq)) }
        let told = troubles.withLock { $0 }
        #expect(told.isEmpty || told.last == .some(nil), "\(told)")
    }

    @Test func `a server that is not there is waited for as long as there is patience`() async throws {
        house.stop()
        var stream = stream(.beginning)
        stream.patience = .milliseconds(300)
        guard case .unreachable(let reason)? = await failure(stream) else { throw Trouble("it went on") }
        #expect(reason.contains(house.logAddress))
    }

    // MARK: What cannot be read on

    @Test func `what retention took is an error that says where to go on`() async throws {
        try house.appendArticles(0..<10)
        let cursor = try await records(stream(.beginning), 2)[1].position.cursor
        try house.trim(upTo: 7)
        let error = await failure(stream(.cursor(cursor)))
        guard case .gap(let gap)? = error else { throw Trouble("\(error as Any)") }
        #expect(gap.firstLost == 3 && gap.lastLost == 7)
        #expect(try await seqs(stream(.cursor(gap.resume)), 3) == [8, 9, 10])
        #expect(error?.resume == gap.resume)
        let early = await failure(stream(.seq(1)))
        guard case .gap(let all)? = early else { throw Trouble("\(early as Any)") }
        #expect(all.firstLost == 1 && all.lastLost == 7)
        // Who asks for the oldest gets the oldest.
        #expect(try await seqs(stream(.beginning), 1) == [8])
    }

    @Test func `an error comes once, and then the sequence is over`() async throws {
        try house.appendArticles(0..<3)
        try house.trim(upTo: 2)
        var iterator = stream(.seq(1)).makeAsyncIterator()
        do throws(StreamError) {
            _ = try await iterator.next(isolation: nil)
            throw .system("it went on")
        } catch { #expect(error.resume?.seq == 2) }
        #expect(try await iterator.next() == nil)
    }

    @Test func `a cursor of another stream, and one behind the end, are told`() async throws {
        try house.appendArticles(0..<3)
        let cursor = try await records(stream(.beginning), 1)[0].position.cursor
        let other = Cursor("dw1:00000000-0000-4000-8000-000000000000:1:1:0")!
        #expect(await failure(stream(.cursor(other))) == .otherStream(cursor.stream))
        let ahead = Cursor("dw1:\(cursor.stream):1:99:0")!
        guard case .diverged? = await failure(stream(.cursor(ahead))) else { throw Trouble("it went on") }
    }

    @Test func `a log that was restored behind what was read says so, one that was not goes on`() async throws {
        try house.appendArticles(0..<5)
        let stream = try await records(stream(.beginning), 1)[0].position.stream
        house.stop()
        try house.bumpEpoch()
        try house.start()
        try house.appendArticles(5..<7)
        // The epoch began at 6: who had read up to 5 has lost nothing.
        let even = Cursor("dw1:\(stream):1:5:0")!
        #expect(try await seqs(self.stream(.cursor(even)), 2) == [6, 7])
        let beyond = Cursor("dw1:\(stream):1:7:0")!
        guard case .restored(let restoration)? = await failure(self.stream(.cursor(beyond))) else {
            throw Trouble("it went on")
        }
        #expect(restoration.cursor == beyond && restoration.resume.seq == 5)
        #expect(try await seqs(self.stream(.cursor(restoration.resume)), 1) == [6])
    }

    // MARK: Consumers that go, or take their time

    @Test func `a cancelled task's sequence ends`() async throws {
        let task = Task { [stream = stream(.end)] in
            var count = 0
            for try await _ in stream { count += 1 }
            return count
        }
        task.cancel()
        #expect(try await task.value == 0)
        try house.appendArticles(0..<1000)
        let started = Mutex(false)
        let reading = Task { [stream = stream(.beginning)] in
            for try await _ in stream { started.withLock { $0 = true } }
            return true
        }
        try await waitElsewhere("it reads") { started.withLock { $0 } }
        reading.cancel()
        #expect(try await reading.value)
    }

    @Test func `nothing is asked for before there is room for it`() async throws {
        let asked = Mutex(0)
        let address = "ipc://\(house.directory.path("scripted"))"
        let id = StreamID.random()
        let server = try RunningThread(
            ScriptedRouter(house.context, address) { request in
                guard request.command == "FETCH" else { return .success(Reply()) }
                let number = asked.withLock { asked in
                    asked += 1
                    return UInt64(asked)
                }
                let position = Messaging.Position(stream: id, epoch: 1, seq: number, timeMilliseconds: 1)
                let frame = PositionFrame(kind: .record, position: position).bytes
                return .success(
                    Reply(payload: [frame, Array("{}".utf8)]) { writer in
                        writer.field("low", UInt64(1))
                        writer.field("head", UInt64(1_000_000))
                        writer.key("next")
                        writer.beginObject()
                        writer.field("stream", id.description)
                        writer.field("epoch", UInt32(1))
                        writer.field("after", number)
                        writer.field("time_ms", Int64(1))
                        writer.endObject()
                        writer.field("count", 1)
                    })
            })
        let stream = ArticleStream(DropwireClient.Connection(log: [address], status: ["ipc:///none"]), from: .beginning)
        var iterator = stream.makeAsyncIterator()
        for taken in 1...50 {
            #expect(try await iterator.next()?.position.seq == UInt64(taken))
            // The one in hand, one in memory.
            #expect(asked.withLock { $0 } <= taken + 1)
        }
        try await waitElsewhere("the next one lies ready") { asked.withLock { $0 } == 51 }
        server.stop()
        #expect(asked.withLock { $0 } == 51)
    }

    @Test func `errors that pass are waited for, and those that do not are thrown`() async throws {
        let address = "ipc://\(house.directory.path("scripted"))"
        let count = Mutex(0)
        let server = try RunningThread(
            ScriptedRouter(house.context, address) { request in
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                return switch number {
                case 1: .failure(WireError(.unavailable, "STOPPING", "it stops", retryMilliseconds: 1))
                case 2: .failure(WireError(.busy, "BUSY", "too many", retryMilliseconds: 1))
                case 3: .failure(WireError(.internal, "INTERNAL", "oh"))
                default: .failure(WireError(.forbidden, "FORBIDDEN", "not you"))
                }
            })
        defer { server.stop() }
        let stream = ArticleStream(DropwireClient.Connection(log: [address], status: ["ipc:///none"]), from: .beginning)
        #expect(await failure(stream) == .refused(code: 403, reason: "not you"))
        #expect(count.withLock { $0 } == 4)
    }

    @Test func `the log learns how far a consumer is`() async throws {
        try house.appendArticles(0..<9)
        let stream = ArticleStream(connection, from: .beginning, consumer: "desk")
        var iterator = stream.batches.makeAsyncIterator()
        let batch = try #require(try await iterator.next())
        batch.commit()
        let path = house.directory.path("log.sqlite-groups")
        try await waitElsewhere("it is known") {
            try ServedLog.committed("desk", path) == 9
        }
        _ = iterator
    }
}
