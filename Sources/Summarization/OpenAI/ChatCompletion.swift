import Articles
import FoundationEssentials
import HTTPClient

/// A question to `/chat/completions` and what is read of its answer.
enum ChatCompletion {
    /// What a model said.
    struct Answer: Equatable {
        var text: String
        /// The tokens of question and answer, where the server says.
        var tokens: Int?
        /// The answer ended before the model did.
        var isCutOff = false
    }

    /// Returns the body of a request: the same article gives the same bytes.
    static func request(model: String, prompt: String, answerTokens: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: prompt.utf8.count + 256)
        writer.beginObject()
        writer.field("model", model)
        writer.key("messages")
        writer.beginArray()
        writer.beginObject()
        writer.field("role", "user")
        writer.field("content", prompt)
        writer.endObject()
        writer.endArray()
        writer.field("temperature", 0)
        writer.field("max_tokens", answerTokens)
        writer.field("stream", false)
        writer.endObject()
        return writer.bytes
    }

    /// Reads an answer of status 200: one object, or the events of a server that streams though it was not asked to.
    static func read(_ reply: ClientReply) throws(BackendFailure) -> Answer {
        if reply.contentType.lowercased().hasPrefix("text/event-stream") { return try readEvents(reply.body) }
        let object = try decode(reply.body[...])
        guard let choice = object["choices"]?.arrayValue?.first else {
            throw BackendFailure("the answer has no choices", isRetriable: false)
        }
        guard let text = choice["message"]?["content"]?.stringValue else {
            throw BackendFailure("the answer has no choices[0].message.content", isRetriable: false)
        }
        return Answer(
            text: text, tokens: tokens(object), isCutOff: choice["finish_reason"]?.stringValue == "length")
    }

    /// Returns what the server says of an error, one line of at most 200 characters; nil where it says nothing.
    static func message(_ reply: ClientReply) -> String? {
        guard let object = try? decode(reply.body[...]) else { return nil }
        let text = object["error"]?["message"]?.stringValue ?? object["error"]?.stringValue
        return text.map { String($0.unicodeScalars.map { $0.value < 0x20 ? " " : Character($0) }.prefix(200)) }
    }

    private static func readEvents(_ body: [UInt8]) throws(BackendFailure) -> Answer {
        var answer = Answer(text: "")
        var isWhole = false
        for line in body.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d }) {
            guard line.starts(with: Array("data:".utf8)) else { continue }
            let data = line.dropFirst(5).drop { $0 == 0x20 }
            if data.elementsEqual("[DONE]".utf8) {
                isWhole = true
                break
            }
            guard let object = try? decode(data) else { break }
            answer.tokens = tokens(object) ?? answer.tokens
            guard let choice = object["choices"]?.arrayValue?.first else { continue }
            answer.text += choice["delta"]?["content"]?.stringValue ?? ""
            if let reason = choice["finish_reason"]?.stringValue {
                isWhole = true
                answer.isCutOff = reason == "length"
            }
        }
        guard isWhole else { throw BackendFailure("the stream of events broke off", isRetriable: true) }
        return answer
    }

    private static func tokens(_ object: JSONValue) -> Int? {
        object["usage"]?["total_tokens"]?.integerValue.flatMap { $0 >= 0 ? Int(clamping: $0) : nil }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>) throws(BackendFailure) -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
        } catch {
            throw BackendFailure("the answer is not JSON", isRetriable: false)
        }
    }
}
