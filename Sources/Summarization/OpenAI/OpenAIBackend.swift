import Articles
import HTTPClient
package import Linux
import Messaging
import Synchronization
import Telemetry

/// What the summarizers of a process share of a language model's endpoint: key, budget, and how the endpoint feels.
package final class OpenAIBackend: Sendable {
    let configuration: OpenAIConfiguration
    let key: Secret?
    let template: PromptTemplate
    let budget: DayBudget
    /// Rung, and not silenced, when the process is asked to end.
    let ending: WakeUp
    private let health = Mutex(BackendHealth())
    private let isEnding = Atomic<Bool>(false)
    private let logger = Logger(label: "summarize")

    /// Makes a backend.
    package init(configuration: OpenAIConfiguration, key: Secret?, budget: DayBudget) throws {
        self.configuration = configuration
        self.key = key
        self.budget = budget
        template = PromptTemplate(configuration.prompt)
        ending = try WakeUp()
    }

    /// Ends what is asked at the moment, on whatever thread; what is asked later is not.
    package func end() {
        isEnding.store(true, ordering: .relaxed)
        ending.ring()
    }

    /// The process was asked to end.
    var hasEnded: Bool { isEnding.load(ordering: .relaxed) }

    /// Throws where the endpoint is left alone for a while.
    func checkHealth() throws(BackendFailure) {
        let (rest, cause) = health.withLock { ($0.rest(at: Clocks.bootMilliseconds()), $0.cause) }
        guard rest > 0 else { return }
        throw BackendFailure("it is left alone after failures (\(cause))", isRetriable: false, isOfEndpoint: false)
    }

    func noteSuccess() {
        if health.withLock({ $0.succeeded() }) { logger.notice("The language model answers again.") }
    }

    func note(_ failure: BackendFailure) {
        guard health.withLock({ $0.failed(failure, at: Clocks.bootMilliseconds()) }) else { return }
        logger.warning(
            .modelFails,
            [.reason: failure.cause])
    }
}
