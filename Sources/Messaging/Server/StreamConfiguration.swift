/// How a stream is served.
package struct StreamConfiguration: Sendable {
    /// The stream's name for people, for example `articles`, `unique`, `results`.
    package var name: String
    /// Where the feed (XPUB) binds.
    package var feed: [Endpoint]
    /// Where the log (ROUTER) binds.
    package var log: [Endpoint]
    /// Memory for recent records, in bytes.
    package var ringBytes: Int
    /// Records up to this size travel on the feed; larger ones as a reference.
    package var inlineBytes: Int
    /// Memory for what was committed and not yet taken over by the server's thread, in bytes.
    package var mailboxBytes = 32 << 20
    /// Consumers and groups, by name, whose reading holds retention back.
    package var hold: [String] = []
    /// How long the owner keeps records, for whoever asks; nil where it is not told.
    package var retention: Duration?

    /// Makes a configuration.
    package init(name: String, feed: [Endpoint], log: [Endpoint], ringBytes: Int = 8 << 20, inlineBytes: Int = 64 << 10)
    {
        self.name = name
        self.feed = feed
        self.log = log
        self.ringBytes = ringBytes
        self.inlineBytes = inlineBytes
    }
}
