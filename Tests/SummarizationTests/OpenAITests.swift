import Articles
import Linux
import Messaging
import Summarization
import Synchronization
import TestSupport
import Testing

/// The backend `openai` against a server of the test's own that speaks the API, streams, stalls, errors and says nonsense.
@Suite struct OpenAITests {
    private let scratch: ScratchDirectory
    private let body = """
        The council of Smallville voted on Monday to close the old bridge over the river. Trucks will use the motorway.
        Repairs of the bridge cost two million dollars, the council said.
        """

    init() throws { scratch = try ScratchDirectory() }

    private static func said(_ text: String, finish: String = "stop", tokens: Int = 50) -> [ScriptedServer.Step] {
        var writer = JSONWriter()
        writer.string(text)
        let content = String(decoding: writer.bytes, as: UTF8.self)
        return ScriptedServer.reply(
            200,
            """
            {"choices":[{"message":{"role":"assistant","content":\(content)},"finish_reason":"\(finish)"}],\
            "usage":{"total_tokens":\(tokens)}}
            """)
    }

    private func configuration(_ server: ScriptedServer) -> OpenAIConfiguration {
        var configuration = OpenAIConfiguration()
        configuration.url = "http://127.0.0.1:\(server.port)/v1/"
        configuration.model = "small"
        configuration.timeout = .seconds(20)
        return configuration
    }

    private func backend(_ configuration: OpenAIConfiguration, now: Int64 = 0) throws -> OpenAIBackend {
        try OpenAIBackend(
            configuration: configuration, key: configuration.readKey(credentials: scratch.path),
            budget: DayBudget(
                directory: scratch.path, requests: configuration.requestsPerDay, tokens: configuration.tokensPerDay,
                now: { now }))
    }

    private func processor(_ backend: OpenAIBackend, budget: Budget = Budget()) throws -> SummarizationProcessor {
        SummarizationProcessor(
            summarizer: Summarizer(budget: budget),
            model: try OpenAISummarizer(backend: backend, budget: budget))
    }

    private func item(_ body: String? = nil) -> WorkItem {
        var article = Article(
            source: "wire", language: "en",
            ingest: .init(
                path: "a.txt", sha256: "", part: 1, bytes: 1, format: "native", encoding: "utf-8",
                received: Timestamp(milliseconds: 0)))
        article.title = "Old bridge closes"
        article.body = body ?? self.body
        article.deriveID()
        let position = Position(stream: .random(), epoch: 1, seq: 1, timeMilliseconds: 0)
        return WorkItem(position: position, bytes: article.encodeRecord(), article: article)
    }

    private func sentences(_ result: WorkResult) -> [String] {
        (result.data["summary"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// The extract that stands in where the model fails.
    private var extract: [String] {
        Summarizer().summarize(title: "Old bridge closes", body: body, language: "en").sentences
    }

    // MARK: Answers

    @Test func `the model's words are the summary, cut into sentences within the budget`() throws {
        let server = try ScriptedServer { _, _ in
            Self.said(
                "<think>Hm.</think>\n```\n- The bridge closes. It costs two million. Trucks go round. A fourth.\n```")
        }
        defer { server.stop() }
        let result = try processor(backend(configuration(server))).work(item())
        #expect(result.status == .ok)
        #expect(sentences(result) == ["The bridge closes.", "It costs two million.", "Trucks go round."])
        #expect(result.data["by"]?.stringValue == "openai" && result.data["model"]?.stringValue == "small")
        #expect(result.data["fallback"] == nil)
        #expect(result.data["phrases"]?.arrayValue != nil)
    }

    @Test func `the question holds the model, the filled template and the key`() throws {
        try scratch.write(" sk-very-secret\n", to: "key")
        let server = try ScriptedServer { _, _ in Self.said("Fine.") }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.credential = "key"
        configuration.prompt = "In {length} ({language}): {title} / {text} {not} {unknown"
        _ = try processor(backend(configuration), budget: Budget(sentences: 2, words: 40)).work(item("It rained."))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST" && request.path == "/v1/chat/completions")
        #expect(request.headers["authorization"] == "Bearer sk-very-secret")
        #expect(request.headers["content-type"] == "application/json")
        let text = String(decoding: request.body, as: UTF8.self)
        #expect(text.contains(#""model":"small""#))
        #expect(text.contains("In at most 2 sentences and 40 words (en): Old bridge closes / It rained."))
    }

    @Test func `a server that streams though it was not asked to is understood`() throws {
        let events = """
            : hello

            data: {"choices":[{"delta":{"role":"assistant"}}]}

            data: {"choices":[{"delta":{"content":"The bridge "}}]}

            data: {"choices":[{"delta":{"content":"closes."},"finish_reason":"stop"}],"usage":{"total_tokens":9}}

            data: [DONE]

            """
        let server = try ScriptedServer { number, _ in
            let body = number == 1 ? events : String(events.prefix(150))
            return ScriptedServer.reply(200, body, type: "text/event-stream; charset=utf-8")
        }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.attempts = 1
        let processor = try processor(backend(configuration))
        #expect(sentences(try processor.work(item())) == ["The bridge closes."])
        let broken = try processor.work(item())
        #expect(broken.data["fallback"]?.stringValue == "the stream of events broke off")
        #expect(sentences(broken) == extract)
    }

    @Test func `an answer that was cut off ends with its last whole sentence`() throws {
        let server = try ScriptedServer { number, _ in
            Self.said(number == 1 ? "The bridge closes. It costs two mil" : "It costs two mil", finish: "length")
        }
        defer { server.stop() }
        let processor = try processor(backend(configuration(server)))
        #expect(sentences(try processor.work(item())) == ["The bridge closes."])
        #expect(
            try processor.work(item()).data["fallback"]?.stringValue == "the answer was cut off in its first sentence")
    }

    @Test(arguments: [
        ("<html>404</html>", "the answer is not JSON"), ("", "the answer is not JSON"),
        ("[1,2]", "the answer has no choices"), (#"{"choices":[]}"#, "the answer has no choices"),
        (#"{"choices":[{"message":{"content":null}}]}"#, "the answer has no choices[0].message.content"),
        (#"{"choices":[{"message":{"content":" \n… "}}]}"#, "the answer says nothing"),
        (#"{"choices":[{"message":{"content":["a"]}}]}"#, "the answer has no choices[0].message.content"),
    ])
    func `nonsense gives the extract with the reason`(answer: String, reason: String) throws {
        let server = try ScriptedServer { _, _ in ScriptedServer.reply(200, answer) }
        defer { server.stop() }
        let result = try processor(backend(configuration(server))).work(item())
        #expect(result.status == .ok)
        #expect(result.data["by"]?.stringValue == "extract")
        #expect(result.data["fallback"]?.stringValue == reason)
        #expect(sentences(result) == extract)
        #expect(server.requests.count == 1)
    }

    @Test func `an endless answer is cut at the limit`() throws {
        let server = try ScriptedServer { _, _ in
            ScriptedServer.reply(200, String(repeating: "x", count: 2 << 20))
        }
        defer { server.stop() }
        let result = try processor(backend(configuration(server))).work(item())
        #expect(result.data["fallback"]?.stringValue == "the answer is longer than 1048576 bytes")
    }

    // MARK: Trouble

    @Test(arguments: [429, 500, 503]) func `overload and failures of the server are tried again`(status: Int) throws {
        let server = try ScriptedServer { number, _ in
            number == 1
                ? ScriptedServer.reply(status, #"{"error":{"message":"busy"}}"#) : Self.said("The bridge closes.")
        }
        defer { server.stop() }
        let result = try processor(backend(configuration(server))).work(item())
        #expect(sentences(result) == ["The bridge closes."])
        #expect(server.requests.count == 2)
    }

    @Test func `a server that wants to be left alone is, at once and for the next articles`() throws {
        let server = try ScriptedServer { _, _ in
            ScriptedServer.reply(429, #"{"error":{"message":"slow down"}}"#, headers: ["Retry-After: 3600"])
        }
        defer { server.stop() }
        let processor = try processor(backend(configuration(server)))
        let first = try processor.work(item())
        #expect(first.data["fallback"]?.stringValue == "the server answered with status 429: slow down")
        let second = try processor.work(item())
        #expect(
            second.data["fallback"]?.stringValue
                == "it is left alone after failures (the server answered with status 429: slow down)")
        #expect(server.requests.count == 1)
    }

    @Test func `what is refused is not tried again, and the key is not in the reason`() throws {
        try scratch.write("sk-very-secret", to: "key")
        let server = try ScriptedServer { _, _ in
            ScriptedServer.reply(401, #"{"error":{"message":"Incorrect key: sk-very-secret\nsorry"}}"#)
        }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.keyFile = scratch.path("key")
        let result = try processor(backend(configuration)).work(item())
        #expect(
            result.data["fallback"]?.stringValue == "the server answered with status 401: Incorrect key: … sorry")
        #expect(server.requests.count == 1)
        let key = try #require(try configuration.readKey())
        var shown = "\(key)"
        dump(key, to: &shown)
        #expect(!shown.contains("secret"))
    }

    @Test func `a server that stalls costs the article's time, and a dead one is left alone after three`() throws {
        let server = try ScriptedServer { _, _ in [.stall] }
        var configuration = configuration(server)
        configuration.timeout = .milliseconds(100)
        configuration.attempts = 1
        let processor = try processor(backend(configuration))
        for _ in 1...3 {
            let result = try processor.work(item())
            #expect(result.data["fallback"]?.stringValue == "timeout was reached")
            #expect(sentences(result) == extract)
        }
        let count = server.requests.count
        #expect(
            try processor.work(item()).data["fallback"]?.stringValue?.hasPrefix("it is left alone") == true)
        #expect(server.requests.count == count)
        server.stop()
    }

    @Test func `a process that is asked to end breaks off, and the article is nobody's result`() throws {
        let held = Mutex<OpenAIBackend?>(nil)
        let server = try ScriptedServer { _, _ in
            held.withLock { $0 }?.end()
            return [.stall]
        }
        defer { server.stop() }
        let backend = try backend(configuration(server))
        held.withLock { $0 = backend }
        let processor = try processor(backend)
        #expect(throws: WorkInterrupted.self) { try processor.work(item()) }
    }

    // MARK: Budget

    @Test func `a day's requests are counted over restarts, and a new day begins anew`() throws {
        let server = try ScriptedServer { _, _ in Self.said("The bridge closes.") }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.requestsPerDay = 3
        var given: [String?] = []
        for _ in 1...4 {
            // Each time a new process with the same state directory.
            given.append(try processor(backend(configuration)).work(item()).data["fallback"]?.stringValue)
        }
        #expect(given == [nil, nil, nil, "the day's 3 requests are used up"])
        let tomorrow = try processor(backend(configuration, now: 86_400_000)).work(item())
        #expect(tomorrow.data["fallback"] == nil)
        #expect(server.requests.count == 4)
    }

    @Test func `a day's tokens are those that the server counts`() throws {
        let server = try ScriptedServer { _, _ in Self.said("The bridge closes.", tokens: 900) }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.tokensPerDay = 2400
        let reasons = try (1...4).map { _ in
            try processor(backend(configuration)).work(item()).data["fallback"]?.stringValue
        }
        // The third might cost more than the 600 that are left.
        #expect(reasons == [nil, nil, "the day's 2400 tokens are used up", "the day's 2400 tokens are used up"])
    }

    @Test func `a refusal costs a request and no tokens, an answer that never came its worst`() throws {
        let server = try ScriptedServer { number, _ in number == 1 ? ScriptedServer.reply(400, "{}") : [.stall] }
        defer { server.stop() }
        var configuration = configuration(server)
        configuration.tokensPerDay = 1000
        configuration.requestsPerDay = 9
        configuration.timeout = .milliseconds(200)
        let processor = try processor(backend(configuration))
        let reasons = try (1...3).map { _ in try processor.work(item()).data["fallback"]?.stringValue }
        #expect(
            reasons == [
                "the server answered with status 400", "timeout was reached", "the day's 1000 tokens are used up",
            ])
        let noted = String(decoding: try #require(scratch.read("openai-spent.json")), as: UTF8.self)
        #expect(noted.contains("\"requests\":2"))
    }

    @Test func `a budget that cannot be read is told, and none is given`() throws {
        try scratch.write("{\"v\":1,", to: "openai-spent.json")
        let error = #expect(throws: (any Error).self) { try DayBudget(directory: scratch.path, requests: 1, tokens: 0) }
        #expect("\(try #require(error))".contains("openai-spent.json' cannot be read"))
    }

    // MARK: Key

    @Test func `a key that is not there, empty or of two lines is told with its place`() throws {
        func problem(_ configuration: OpenAIConfiguration, _ credentials: String?) -> String {
            do throws(SecretProblem) {
                _ = try configuration.readKey(credentials: credentials)
                return ""
            } catch { return error.description }
        }
        var configuration = OpenAIConfiguration()
        #expect(try configuration.readKey(credentials: nil) == nil)
        configuration.credential = "llm"
        #expect(problem(configuration, nil).contains("LoadCredential=llm:PATH"))
        #expect(problem(configuration, scratch.path).hasPrefix("summarize.openai.credential: "))
        try scratch.write(" \n", to: "llm")
        #expect(problem(configuration, scratch.path).hasSuffix("is empty"))
        configuration.credential = ""
        configuration.keyFile = scratch.path("two")
        try scratch.write("first-part\nsecond-part", to: "two")
        #expect(problem(configuration, nil).contains("holds more than a key"))
        #expect(!problem(configuration, nil).contains("first-part"))
    }
}
