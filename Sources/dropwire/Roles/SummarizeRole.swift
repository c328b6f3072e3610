import Lifecycle
import Messaging
import Summarization
import ZeroMQ

extension Command {
    static let summarize = Command(
        name: "summarize", summary: "summarize every article; any number of processes share the work",
        options: Role.options + [Command.Option("--instance", "NAME", "which of several processes this is (1)")],
        run: { try SummarizeRole.run($0) })
}

/// The wiring of the summarizer: a stateless worker.
enum SummarizeRole {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        let instance = arguments.value("--instance") ?? "1"
        guard !instance.isEmpty, instance.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 > 0x20 }),
            instance.utf8.count <= 40
        else { throw UsageError("--instance is a word of at most 40 bytes without '/', not '\(instance)'") }
        return try Role.run(arguments, name: "summarize", instance: instance) { role in
            let section = role.configuration.summarize
            let settings = section.settings
            return [
                try StatelessWorker(
                    context: role.context,
                    configuration: role.worker(
                        generation: settings.generation, statePath: role.stateDirectory + "/worker"),
                    lease: section.lease, onProgress: role.onProgress
                ) {
                    SummarizationProcessor(
                        summarizer: Summarizer(sentences: settings.sentences, phrases: settings.phrases))
                }
            ]
        }
    }
}
