import Articles
package import TOML

/// The keys of `[watch]` that are the watcher's own: its drop directories.
package struct Configuration: Decodable, Sendable, Equatable {
    /// The drop directories, `[[watch.drop]]`.
    package var directories: [DropDirectoryConfiguration] = []

    package init() {}

    private enum CodingKeys: String, CodingKey { case drop }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        directories = try keys.value(.drop, default: []) { directories in
            var paths: Set<String> = []
            for directory: DropDirectoryConfiguration in directories where !paths.insert(directory.path).inserted {
                return "the directory '\(directory.path)' is named twice"
            }
            for outer in directories where outer.isRecursive {
                if let inner = directories.first(where: { $0.path.hasPrefix(outer.path + "/") }) {
                    return "the directory '\(inner.path)' lies in '\(outer.path)', which takes its files, too; "
                        + "set recursive = false there"
                }
            }
            return nil
        }
    }
}

/// One `[[watch.drop]]`: a directory and how its files are taken.
package struct DropDirectoryConfiguration: Decodable, Sendable, Equatable {
    /// What becomes of a file when its articles are safe.
    package enum After: String, Decodable, Sendable, CaseIterable {
        /// Moved to `.done/YYYY-MM-DD/`.
        case archive
        case delete
        case leave
    }

    /// What a file with the content of an earlier one is worth.
    package enum Duplicates: String, Decodable, Sendable, CaseIterable {
        /// Recorded as a duplicate; nothing is published.
        case skip
        /// Published again.
        case republish
    }

    /// The directory, absolute.
    package var path: String
    /// The name of the source.
    package var source: String
    /// The language of articles that do not say theirs (BCP 47).
    package var language = "und"
    /// How often the directory is scanned.
    package var pollInterval = Duration.seconds(1)
    /// How long a file that no event told of must be unchanged, where events are seen.
    package var settleTime = Duration.seconds(2)
    /// The same where only polling is.
    package var settleTimePolling = Duration.seconds(10)
    /// How long a file must be quiet after it was closed.
    package var quietTime = Duration.milliseconds(200)
    /// How long to wait for the close of a file that was seen to be written to.
    package var openFileWait = Duration.seconds(600)
    /// Whether inotify is used; false polls only.
    package var usesEvents = true
    /// Names to take, as globs (fnmatch(3)).
    package var include = ["*"]
    /// Names to leave.
    package var exclude: [String] = []
    /// Whether directories below are scanned.
    package var isRecursive = true
    /// How deep; 1 is the directory itself.
    package var maximumDepth = 16
    /// Smaller files are left alone.
    package var minimumBytes: ByteSize = 0
    /// Larger files go to quarantine unread.
    package var maximumBytes = ByteSize.gibibytes(1)
    /// A longer article goes to quarantine.
    package var maximumArticleBytes = ByteSize.mebibytes(64)
    package var after = After.archive
    package var duplicates = Duplicates.skip

    /// Makes the defaults for a directory.
    package init(path: String) {
        // Without closing slashes, so that one directory has one path.
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        source = Topic.part(path.split(separator: "/").last.map(String.init) ?? "files")
    }

    private enum CodingKeys: String, CodingKey {
        case path, source, language, include, exclude, recursive, events, after, duplicates
        case pollInterval = "poll_interval"
        case settleTime = "settle_time"
        case settleTimePolling = "settle_time_polling"
        case quietTime = "quiet_time"
        case openFileWait = "open_file_wait"
        case maximumDepth = "max_depth"
        case minimumBytes = "min_bytes"
        case maximumBytes = "max_bytes"
        case maximumArticleBytes = "max_article_bytes"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let path = try keys.required(.path) { (path: String) in
            path.hasPrefix("/") ? nil : "must be an absolute path, is \"\(path)\""
        }
        self.init(path: path)
        source = try keys.value(.source, default: source) { source in
            source == Topic.part(source)
                ? nil : "must be 1 to 40 of a-z 0-9 . _ -, for example \"\(Topic.part(source))\", is \"\(source)\""
        }
        language = try keys.value(.language, default: language) { language in
            let isTag =
                (2...35).contains(language.utf8.count) && language == Topic.part(language).replacing("_", with: "-")
            return isTag ? nil : "must be a language tag in lower case such as \"en\" or \"pt-br\", is \"\(language)\""
        }
        let short = Duration.milliseconds(10) ... .seconds(3600)
        pollInterval = try keys.value(.pollInterval, default: pollInterval, in: short)
        settleTime = try keys.value(.settleTime, default: settleTime, in: .zero ... .seconds(86_400))
        settleTimePolling = try keys.value(
            .settleTimePolling, default: settleTimePolling, in: .zero ... .seconds(86_400))
        quietTime = try keys.value(.quietTime, default: quietTime, in: .zero ... .seconds(3600))
        openFileWait = try keys.value(.openFileWait, default: openFileWait, in: .zero ... .seconds(7 * 86_400))
        usesEvents = try keys.value(.events, default: usesEvents)
        include = try keys.value(.include, default: include) { $0.isEmpty ? "must name at least one glob" : nil }
        exclude = try keys.value(.exclude, default: exclude)
        isRecursive = try keys.value(.recursive, default: isRecursive)
        maximumDepth = try keys.value(.maximumDepth, default: maximumDepth, in: 1...100)
        minimumBytes = try keys.value(.minimumBytes, default: minimumBytes, in: 0 ... .gibibytes(1 << 20))
        maximumBytes = try keys.value(.maximumBytes, default: maximumBytes, in: 1 ... .gibibytes(64))
        maximumArticleBytes = try keys.value(
            .maximumArticleBytes, default: maximumArticleBytes, in: 1 ... .gibibytes(1))
        after = try keys.value(.after, default: after)
        duplicates = try keys.value(.duplicates, default: duplicates)
    }
}
