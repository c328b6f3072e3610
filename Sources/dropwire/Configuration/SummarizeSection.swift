import Summarization
import TOML

/// `[summarize]`: summaries, and how their work is shared.
struct SummarizeSection: Decodable, Sendable, Equatable {
    /// The summarizer's own keys.
    var settings = Summarization.Configuration()
    /// How many processes `dropwire up` runs.
    var processes = 1
    /// For so long an article belongs to the process that claimed it; then another one takes over.
    var lease = Duration.seconds(60)

    init() {}

    private enum CodingKeys: String, CodingKey { case processes, lease }

    init(from decoder: any Decoder) throws {
        settings = try Summarization.Configuration(from: decoder)
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        processes = try keys.value(.processes, default: processes, in: 1...64)
        lease = try keys.value(.lease, default: lease, in: .seconds(5) ... .seconds(3600))
        if settings.backend == .openai, settings.openAI.timeout > lease / 2 {
            // A lease is lengthened between two articles only.
            try keys.note(.lease, "must be at least twice summarize.openai.timeout, which is one article's time")
        }
    }
}
