import Lifecycle
import Linux
import Messaging
import Summarization
import ZeroMQ

extension Command {
    static let summarize = Command(
        name: "summarize", summary: "summarize every article; any number of processes share the work",
        explanation: SummarizeFiles.explanation,
        options: Role.options + [Command.Option("--instance", "NAME", "which of several processes this is (1)")]
            + SummarizeFiles.options,
        operands: "[--offline FILE…]", failure: "where something could not be read",
        examples: [
            Command.Example("dropwire summarize --instance 2", "Run a second process that shares the work."),
            Command.Example("dropwire summarize --offline --sentences 2 article.txt", "Summarize one file."),
        ],
        run: { try $0.has("--offline") ? SummarizeFiles.run($0) : SummarizeRole.run($0) })
}

/// The wiring of the summarizer: a stateless worker; with a language model behind it as many as may ask it at once.
enum SummarizeRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        if let file = arguments.operands.first { throw UsageError("'\(file)' is read with --offline only") }
        for option in SummarizeFiles.options where arguments.has(option.name) {
            throw UsageError("\(option.name) goes with --offline only")
        }
        let instance = arguments.value("--instance") ?? "1"
        guard !instance.isEmpty, instance.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }),
            instance.utf8.count <= 40
        else { throw UsageError("--instance is a word of at most 40 bytes without '/', not '\(instance)'") }
        return try Role.run(arguments, name: "summarize", instance: instance) { role in
            let settings = role.configuration.summarize.settings
            guard settings.backend == .openai else { return [try worker(role, settings)] }
            let backend = try backend(role, settings.openAI)
            let workers = try (1...settings.openAI.concurrency).map { number in
                try worker(role, settings, number: number) {
                    try OpenAISummarizer(backend: backend, budget: settings.budget, onWaiting: role.onProgress)
                }
            }
            // The last to start is the first to be drained: what waits for an answer then waits no longer.
            return workers + [try EndOfQuestions(backend)]
        }
    }

    private static func worker(
        _ role: Role, _ settings: Summarization.Configuration, number: Int = 1,
        makeModel: @escaping @Sendable () throws -> OpenAISummarizer? = { nil }
    ) throws -> StatelessWorker {
        let suffix = number == 1 ? "" : ".\(number)"
        return try StatelessWorker(
            context: role.context,
            configuration: role.worker(
                generation: settings.generation, statePath: role.stateDirectory + "/worker" + suffix,
                name: role.name + suffix),
            lease: role.configuration.summarize.lease, onProgress: role.onProgress
        ) {
            SummarizationProcessor(
                summarizer: Summarizer(budget: settings.budget, phrases: settings.phrases),
                abstract: settings.abstract, model: try makeModel())
        }
    }

    private static func backend(_ role: Role, _ configuration: OpenAIConfiguration) throws -> OpenAIBackend {
        let key: Secret?
        do throws(SecretProblem) { key = try configuration.readKey() } catch {
            throw ConfigurationError(description: error.description)
        }
        return try OpenAIBackend(
            configuration: configuration, key: key,
            budget: DayBudget(
                directory: role.stateDirectory, requests: configuration.requestsPerDay,
                tokens: configuration.tokensPerDay))
    }
}

/// Breaks off what a language model is asked when the process is asked to end: an answer may take longer than a drain.
private final class EndOfQuestions: Service {
    let name = "questions"
    private let backend: OpenAIBackend
    private let bell: WakeUp

    init(_ backend: OpenAIBackend) throws {
        self.backend = backend
        bell = try WakeUp()
    }

    func run(started: @Sendable () -> Void) throws {
        started()
        _ = Poll.readable([bell.descriptor], timeout: nil)
    }

    func drain() {
        backend.end()
        bell.ring()
    }
}
