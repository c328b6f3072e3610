import Glibc
import HTTPClient
package import Linux
package import TOML

/// The keys of `[summarize.openai]`: a language model behind an HTTP endpoint as OpenAI's, llama.cpp's, Ollama's, vLLM's.
package struct OpenAIConfiguration: Sendable, Equatable {
    /// The base of its addresses, for example `http://127.0.0.1:8080/v1`; `/chat/completions` comes behind it.
    package var url = ""
    /// The name of the model.
    package var model = ""
    /// The file whose content is the key; empty for none.
    package var keyFile = ""
    /// The systemd credential (`LoadCredential=`) that is the key; empty for none.
    package var credential = ""
    /// What is asked, with `{text}`, `{title}`, `{language}` and `{length}` in it.
    package var prompt = PromptTemplate.standard
    /// How many articles a process has at the model at once.
    package var concurrency = 1
    /// How long an article may take in all, tries included; then it gets an extract.
    package var timeout = Duration.seconds(30)
    /// How often it is tried where the endpoint is overloaded, broken or away.
    package var attempts = 3
    /// Requests a day (UTC) and process; 0 for no limit.
    package var requestsPerDay = 0
    /// Tokens a day (UTC) and process, of questions and answers; 0 for no limit.
    package var tokensPerDay = 0
    /// More of an article's text is not sent.
    package var text = ByteSize.kibibytes(24)
    /// The tokens of an answer, at most.
    package var answerTokens = 400

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case url, model, credential, prompt, concurrency, timeout, attempts, text
        case keyFile = "key_file"
        case requestsPerDay = "requests_per_day"
        case tokensPerDay = "tokens_per_day"
        case answerTokens = "answer_tokens"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        url = try keys.value(.url, default: url, check: Self.problem(ofURL:))
        model = try keys.value(.model, default: model)
        keyFile = try keys.value(.keyFile, default: keyFile, check: Secret.problem(ofFile:))
        credential = try keys.value(.credential, default: credential, check: Secret.problem(ofCredential:))
        if !keyFile.isEmpty, !credential.isEmpty {
            try keys.note(.credential, "the key comes from key_file already: name one of them")
        }
        prompt = try keys.value(.prompt, default: prompt, check: PromptTemplate.problem(of:))
        concurrency = try keys.value(.concurrency, default: concurrency, in: 1...64)
        timeout = try keys.value(.timeout, default: timeout, in: .seconds(1) ... .seconds(1800))
        attempts = try keys.value(.attempts, default: attempts, in: 1...10)
        requestsPerDay = try keys.value(.requestsPerDay, default: requestsPerDay, in: 0...1_000_000_000)
        tokensPerDay = try keys.value(.tokensPerDay, default: tokensPerDay, in: 0...1_000_000_000_000)
        text = try keys.value(.text, default: text, in: .kibibytes(1) ... .mebibytes(1))
        answerTokens = try keys.value(.answerTokens, default: answerTokens, in: 16...100_000)
    }

    private static func problem(ofURL url: String) -> String? {
        if url.isEmpty { return nil }
        let beginning = "http:// or https://, such as http://127.0.0.1:8080/v1"
        if let problem = Client.problem(ofURL: url, beginning: beginning) { return problem }
        return url.contains("?") || url.contains("#") ? "must be a base without '?' and '#'" : nil
    }

    /// Reads the endpoint's key; nil where none is named.
    ///
    /// - Parameter credentials: as of ``Secret/read(file:credential:section:credentials:)``.
    package func readKey(
        credentials: String? = getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) }
    ) throws(SecretProblem) -> Secret? {
        try Secret.read(
            file: keyFile, credential: credential, section: "summarize.openai", credentials: credentials)
    }

    /// The address of the endpoint.
    var completions: String {
        var base = url[...]
        while base.hasSuffix("/") { base.removeLast() }
        return base + "/chat/completions"
    }
}

extension OpenAIConfiguration: Decodable {}
