/// A name of data in log lines. All there are stand here, so that one thing has one name everywhere.
///
/// Under the journal the key `article.id` is the field `DROPWIRE_ARTICLE_ID`.
package struct LogKey: Sendable, Hashable {
    /// As lines have it.
    package let name: String
    /// As the journal has it: capitals, digits and underscores.
    let field: String

    private init(_ name: String) {
        self.name = name
        field = "DROPWIRE_" + name.uppercased().replacing(".", with: "_")
    }
}

extension LogKey {
    /// What somebody did.
    package static let action = LogKey("action")
    /// Where a peer came from.
    package static let address = LogKey("address")
    package static let articleID = LogKey("article.id")
    /// What its publisher calls an article.
    package static let articleURI = LogKey("article.uri")
    /// Which try it was, from 1.
    package static let attempt = LogKey("attempt")
    package static let bytes = LogKey("bytes")
    /// Who wanted it.
    package static let by = LogKey("by")
    package static let changes = LogKey("changes")
    /// A reason as a word for machines, such as `bad_xml`.
    package static let code = LogKey("code")
    /// A command of the wire.
    package static let command = LogKey("command")
    package static let connectionsEnded = LogKey("connections_ended")
    package static let count = LogKey("count")
    package static let day = LogKey("day")
    /// One attempt to post something to a webhook.
    package static let deliveryID = LogKey("delivery.id")
    /// A drop directory, by its path.
    package static let directory = LogKey("directory")
    package static let endpoint = LogKey("endpoint")
    /// What an operation threw.
    package static let error = LogKey("error")
    /// How many of something failed.
    package static let failed = LogKey("failed")
    /// How many files.
    package static let files = LogKey("files")
    /// The first sequence number of a gap.
    package static let firstLost = LogKey("first_lost")
    /// Where something came from: an address, or a place in a log.
    package static let from = LogKey("from")
    package static let group = LogKey("group")
    /// What to do.
    package static let hint = LogKey("hint")
    /// Which of several, from 0.
    package static let index = LogKey("index")
    /// Keys of the configuration.
    package static let keys = LogKey("keys")
    package static let kind = LogKey("kind")
    /// What of the process speaks.
    package static let component = LogKey("component")
    /// The last sequence number of a gap.
    package static let lastLost = LogKey("last_lost")
    /// How long something took.
    package static let milliseconds = LogKey("ms")
    package static let maxLogBytes = LogKey("max_log_bytes")
    package static let moreRefusals = LogKey("more_refusals")
    package static let name = LogKey("name")
    /// A file, below its drop directory or whole, or what was asked of the page.
    package static let path = LogKey("path")
    package static let pid = LogKey("pid")
    /// A place within a file.
    package static let place = LogKey("place")
    /// Why, in words.
    package static let reason = LogKey("reason")
    /// The id of the article that stood there before.
    package static let replaces = LogKey("replaces")
    package static let seconds = LogKey("seconds")
    /// A sentence of this log.
    package static let sentence = LogKey("sentence")
    /// A place in a log.
    package static let seq = LogKey("seq")
    /// A part of the process.
    package static let service = LogKey("service")
    package static let socket = LogKey("socket")
    /// The source of articles, as topics and records name it.
    package static let source = LogKey("source")
    /// Where something led to.
    package static let to = LogKey("to")
    package static let until = LogKey("until")
    package static let version = LogKey("version")
    package static let webhook = LogKey("webhook")
    /// A peer, by its key or its user.
    package static let who = LogKey("who")
}
