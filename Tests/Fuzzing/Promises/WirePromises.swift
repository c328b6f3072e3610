import Articles
import Messaging

/// Reads bytes as what a hostile peer may send: the first says as which part of the wire, the others are it.
func checkWire(_ bytes: [UInt8]) {
    guard let kind = bytes.first else { return }
    let rest = Array(bytes.dropFirst())
    switch kind % 5 {
    case 0: checkRequest(frames(rest))
    case 1: checkPosition(rest)
    case 2: checkCursor(String(decoding: rest, as: UTF8.self))
    case 3: checkReply(frames(rest))
    default: checkError(rest)
    }
}

/// Takes frames out of bytes: two of length, then so many, or as many as there are.
private func frames(_ bytes: [UInt8]) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var place = 0
    while place + 2 <= bytes.count, frames.count < 64 {
        let end = min(place + 2 + Int(bytes[place]) << 8 + Int(bytes[place + 1]), bytes.count)
        frames.append(Array(bytes[place + 2..<end]))
        place = end
    }
    return frames
}

/// A request is read, refused in a way that its client understands, or passed over.
private func checkRequest(_ frames: [[UInt8]]) {
    let limits = Envelope.Limits()
    switch Envelope.parse(frames, frameCount: frames.count, limits: limits) {
    case .ignored: break
    case .request(let request):
        precondition(request.json.count <= limits.jsonBytes, "a json frame is larger than it may be")
        precondition(request.payload.count <= limits.frames - 4, "a request has more frames than it may have")
        precondition(request.command.utf8.count <= 64, "a command is longer than a word")
        let reply = request.answer(.success(Reply()))
        checkAnswer(reply, to: frames, "OK")
        do throws(WireError) {
            _ = try request.decode(JSONValue.self)
        } catch {
            precondition(error.code == 400, "what is no JSON gets another code than 400")
            checkAnswer(request.answer(.failure(error)), to: frames, "ERR")
        }
    case .refused(let answer): checkAnswer(answer, to: frames, "ERR")
    }
}

/// An answer goes where the request came from, with its delimiter and, where that is short enough, its id.
private func checkAnswer(_ answer: [[UInt8]], to request: [[UInt8]], _ outcome: String) {
    let start = request.count > 1 && request[1].isEmpty ? 2 : 1
    precondition(Array(answer.prefix(start)) == Array(request.prefix(start)), "an answer goes elsewhere")
    let rest = Array(answer.dropFirst(start))
    precondition(rest.count == 4, "an answer has another number of frames")
    precondition(rest[0] == Array("DW1".utf8) && rest[1] == Array(outcome.utf8), "an answer has another beginning")
    let id = request.count > start + 2 ? request[start + 2] : []
    precondition(rest[2] == (id.count <= 64 ? id : []), "an answer has another id")
    guard outcome == "ERR" else { return }
    let error = WireError(json: try! Reply(json: rest[3]).decode(JSONValue.self))
    precondition(WireError.Code(rawValue: error.code) != nil, "an error has no code of the table")
    precondition(error.message.utf8.count <= 2000, "an error is longer than anybody reads")
    precondition(error.json == rest[3], "an error is another one when it is read")
}

/// A position is none, or has these bytes and no others.
private func checkPosition(_ bytes: [UInt8]) {
    guard let frame = PositionFrame(bytes) else { return }
    precondition(frame.bytes == bytes, "a position has other bytes than it was read from")
    precondition(Cursor(frame.position.cursor.description) == frame.position.cursor, "a cursor's text is another one")
}

/// A cursor has one text.
private func checkCursor(_ text: String) {
    if let stream = StreamID(text) { precondition(stream.description == text.lowercased(), "a UUID has two texts") }
    guard let cursor = Cursor(text) else { return }
    precondition(cursor.description == text.lowercased(), "a cursor has two texts")
}

/// A reply is read whole, or said to be malformed.
private func checkReply(_ frames: [[UInt8]]) {
    guard let json = frames.first else { return }
    do {
        let reply = try FetchReply(Reply(json: json, payload: Array(frames.dropFirst())))
        precondition(reply.records.count <= (frames.count - 1) / 2, "a record came from nowhere")
    } catch {
        precondition(error is MalformedReply, "a reply fails with something else: \(error)")
    }
}

/// An error is read, whatever it lacks.
private func checkError(_ json: [UInt8]) {
    guard let value = try? Reply(json: json).decode(JSONValue.self) else { return }
    let error = WireError(json: value)
    guard let again = try? Reply(json: error.json).decode(JSONValue.self) else {
        preconditionFailure("an error's json is none")
    }
    precondition(WireError(json: again).json == error.json, "an error is another one when it is read again")
}
