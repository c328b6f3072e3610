import Linux

/// One drop directory and how its files are taken.
struct DropSite: Sendable {
    /// What becomes of its files.
    enum After: String, Sendable { case archive, delete, leave }

    /// The waits of every site: longer than any pause of a producer that is in time.
    enum Waits {
        static let quiet = Duration.milliseconds(300)
        static let settle = Duration.milliseconds(1500)
        /// What a producer must stay below, so that a busy machine does not make it a bad one.
        static let quietLimit = Duration.milliseconds(200)
        static let settleLimit = Duration.milliseconds(1000)
        /// How long a companion waits for its file, and what a producer must stay below between the two.
        static let companion = Duration.milliseconds(5000)
        static let companionLimit = Duration.milliseconds(3500)
    }

    /// The largest article that a site takes.
    static let maximumArticleBytes = 2 << 20

    /// The directory's name and the source of its articles.
    let name: String
    var after = After.archive
    /// No events are used.
    var isPolled = false
    /// The same content is published again.
    var republishes = false
    /// No file is complete without its marker.
    var isMarked = false
    /// The archive lies elsewhere, on another file system where one may be mounted.
    var archivesElsewhere = false

    static let all = [
        DropSite(name: "archived"),
        DropSite(name: "deleted", after: .delete),
        DropSite(name: "left", after: .leave),
        DropSite(name: "polled", isPolled: true),
        DropSite(name: "polled-deleted", after: .delete, isPolled: true),
        DropSite(name: "republished", republishes: true),
        DropSite(name: "marked", isMarked: true),
        DropSite(name: "kept-elsewhere", archivesElsewhere: true),
    ]

    /// Its table in the configuration.
    func configuration(path: String, archive: String) -> String {
        """
        [[watch.drop]]
        path = "\(path)"
        source = "\(name)"
        language = "en"
        poll_interval = "200ms"
        quiet_time = "\(Waits.quiet.wholeMilliseconds)ms"
        settle_time = "\(Waits.settle.wholeMilliseconds)ms"
        settle_time_polling = "\(Waits.settle.wholeMilliseconds)ms"
        open_file_wait = "\(Waits.companion.wholeMilliseconds)ms"
        max_article_bytes = \(DropSite.maximumArticleBytes)
        after = "\(after.rawValue)"
        events = \(!isPolled)
        duplicates = "\(republishes ? "republish" : "skip")"
        done_markers = [\(isMarked ? "\"*.done\"" : "")]
        \(archivesElsewhere ? "archive_directory = \"\(archive)\"" : "")

        """
    }
}
