import Articles
import HTTPClient
import Linux
import Messaging
import TOML

/// Asks a language model for the summary of one article after the other; it keeps a connection and so has one owner.
///
/// Overload (429), errors of the server (5xx) and broken connections are tried again, after what `Retry-After` says or
/// twice as long each time, as long as the article's time allows. What fails is the caller's to replace.
package final class OpenAISummarizer {
    private let backend: OpenAIBackend
    private let budget: Budget
    private let client: Client
    private let onWaiting: @Sendable () -> Void

    /// An answer is not longer than this.
    private static let maximumBytes = 1 << 20
    private static let firstDelay = Duration.milliseconds(500)

    /// Makes one of the summarizers of a backend.
    ///
    /// - Parameter onWaiting: called about once a second while it waits: for a watchdog.
    package init(
        backend: OpenAIBackend, budget: Budget, onWaiting: @escaping @Sendable () -> Void = {}
    ) throws {
        self.backend = backend
        self.budget = budget
        self.onWaiting = onWaiting
        client = try Client()
    }

    /// The name of the model.
    var model: String { backend.configuration.model }

    /// Returns what the model says an article says, as one text.
    ///
    /// - Throws: a ``BackendFailure`` with the reason, or `WorkInterrupted` where the process is asked to end.
    func summarize(title: String, body: String, language: String) throws -> String {
        try backend.checkHealth()
        let configuration = backend.configuration
        let prompt = backend.template.fill(
            text: Self.prefix(body, configuration.text.bytes), title: title, language: language, budget: budget)
        let request = ChatCompletion.request(
            model: configuration.model, prompt: prompt, answerTokens: configuration.answerTokens)
        // No tokenizer makes more than one token of two bytes of prose, so that this is rather too much.
        let worst = prompt.utf8.count / 2 + configuration.answerTokens
        let end = ContinuousClock.now + configuration.timeout
        var attempt = 1
        while true {
            do throws(BackendFailure) {
                try backend.budget.take(tokens: worst)
                let answer: ChatCompletion.Answer
                do throws(BackendFailure) { answer = try ask(request, until: end) } catch {
                    // What timed out may have been worked on: it stays counted.
                    if error.isFree { backend.budget.settle(taken: worst, used: 0) }
                    throw error
                }
                backend.budget.settle(taken: worst, used: answer.tokens ?? worst)
                let text = try Self.clean(answer)
                backend.noteSuccess()
                return text
            } catch {
                if backend.hasEnded { throw WorkInterrupted() }
                let delay = max(error.retryAfter ?? .zero, Self.firstDelay * (1 << (attempt - 1)))
                guard error.isRetriable, attempt < configuration.attempts, .now + delay < end else {
                    backend.note(error)
                    throw error
                }
                try wait(delay)
                attempt += 1
            }
        }
    }

    private func ask(
        _ request: [UInt8], until end: ContinuousClock.Instant
    ) throws(BackendFailure) -> ChatCompletion.Answer {
        var headers = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let key = backend.key { headers.append(("Authorization", "Bearer \(key.text)")) }
        let reply: ClientReply
        do throws(ClientError) {
            reply = try client.post(
                backend.configuration.completions, headers: headers, body: request, timeout: end - .now,
                maximumBytes: Self.maximumBytes
            ) { [backend, onWaiting] in
                onWaiting()
                return !backend.hasEnded
            }
        } catch {
            var failure = BackendFailure("\(error)", isRetriable: error.kind == .unreachable)
            failure.isFree = error.kind == .unreachable
            throw failure
        }
        guard reply.status == 200 else { throw refusal(reply) }
        return try ChatCompletion.read(reply)
    }

    private func refusal(_ reply: ClientReply) -> BackendFailure {
        let message = ChatCompletion.message(reply).map { backend.key?.removed(from: $0) ?? $0 }
        let isRetriable = [408, 425, 429].contains(reply.status) || reply.status >= 500
        // What it cannot make of this article (too long a text) says nothing of the next one.
        let isOfEndpoint = isRetriable || [401, 403, 404].contains(reply.status)
        var failure = BackendFailure(
            "the server answered with status \(reply.status)", quoting: message, isRetriable: isRetriable,
            retryAfter: reply.retryAfter, isOfEndpoint: isOfEndpoint)
        failure.isFree = true
        return failure
    }

    private func wait(_ delay: Duration) throws {
        let end = ContinuousClock.now + delay
        while ContinuousClock.now < end {
            onWaiting()
            _ = Poll.readable([backend.ending.descriptor], timeout: min(end - .now, .seconds(1)))
            if backend.hasEnded { throw WorkInterrupted() }
        }
    }

    /// Takes off what models put around an answer: their thoughts, fences, bullets.
    static func clean(_ answer: ChatCompletion.Answer) throws(BackendFailure) -> String {
        var text = answer.text[...]
        if let thought = text.firstRange(of: "</think>") { text = text[thought.upperBound...] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let trimmed = line.drop { $0.isWhitespace }
            if trimmed.hasPrefix("```") { return Substring() }
            guard let mark = trimmed.first, "-*•#".contains(mark) else { return trimmed }
            return trimmed.drop { "-*•#".contains($0) || $0.isWhitespace }
        }
        let plain = String(
            lines.joined(separator: "\n").unicodeScalars.map { $0.value < 0x20 && $0 != "\n" ? " " : Character($0) })
        guard plain.contains(where: { $0.isLetter || $0.isNumber }) else {
            throw BackendFailure("the answer says nothing", isRetriable: false)
        }
        guard answer.isCutOff else { return plain }
        guard let end = plain.lastIndex(where: { ".!?。！？।".contains($0) }) else {
            throw BackendFailure("the answer was cut off in its first sentence", isRetriable: false)
        }
        return String(plain[...end])
    }

    /// The first bytes of a text, cut between characters.
    private static func prefix(_ text: String, _ bytes: Int) -> String {
        guard text.utf8.count > bytes else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: bytes)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
