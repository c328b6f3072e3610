package import Articles
package import Formats
import Linux
package import TOML
package import TimeZones

/// One `[[watch.drop]]`: a directory and how its files are taken.
package struct DropDirectoryConfiguration: Decodable, Sendable, Equatable {
    /// What becomes of a file when its articles are safe.
    package enum After: String, Decodable, Sendable, CaseIterable {
        /// Moved to the archive, in a folder a day.
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

    /// What an article is worth whose publisher says that nobody may show it yet.
    package enum Embargo: String, Decodable, Sendable, CaseIterable {
        /// Held until its time has come: up to then nobody sees it.
        case hold
        /// Published at once, with that time in it.
        case publish
    }

    /// What an article is worth that says when its time is over.
    package enum Expiry: String, Decodable, Sendable, CaseIterable {
        /// It is erased then; one whose time was over when it came is ignored.
        case erase
        /// It is kept like any other, with that time in it.
        case keep
    }

    /// What `name.sha256` and `name.md5` mean for `name`.
    package enum Checksums: String, Decodable, Sendable, CaseIterable {
        /// Nothing: they are files like others.
        case ignore
        /// Where one is there, the file is complete when it has that checksum.
        case verify
        /// No file is complete without one.
        case require
    }

    /// What a symbolic link to a regular file is.
    package enum SymbolicLinks: String, Decodable, Sendable, CaseIterable {
        case ignore
        /// The file that it leads to is read; what is archived or deleted is the link.
        case follow
    }

    /// What a file with several names is.
    package enum HardLinks: String, Decodable, Sendable, CaseIterable {
        case take
        /// Not complete until its other names are gone, as producers do that link a file in and then remove their own name.
        case wait
    }

    /// Which of the complete files comes first.
    package enum Order: String, Decodable, Sendable, CaseIterable {
        /// By time of change.
        case oldest
        case newest
        /// By path, byte by byte.
        case name
    }

    // MARK: What it is
    /// The directory, absolute.
    package var path: String
    /// The name of the source.
    package var source: String
    /// Whether the source is only the directory's name, which a record that names its own need not have.
    var isSourceAssumed: Bool { source == DropDirectoryConfiguration.source(of: path) }
    /// What stands for the source in topics; the source where it is nil.
    package var topic: String?
    /// What stands for the source in topics.
    var topicPart: String { topic ?? source }
    /// The language of articles that do not say theirs (BCP 47).
    package var language = "und"
    /// Whether the language of articles is detected for which neither they nor ``language`` say it.
    package var detectsLanguage = true
    /// The time zone of dates that do not say theirs.
    package var timeZone = Zone.utc
    /// The name of the format that every file has; nil where each is recognized.
    package var format: String?
    /// The kinds of articles that are taken; others are ignored.
    package var kinds: Set<Article.Kind> = [.text, .composite]
    /// What the members of JSON objects mean that are of no known vocabulary.
    package var fields = FieldMapping.usual

    package var embargo = Embargo.hold
    package var expires = Expiry.erase
    /// After how many days its articles are erased; 0 for never.
    package var retentionDays = 0

    // MARK: When a file is complete
    /// How often the directory is scanned.
    package var pollInterval = Duration.seconds(1)
    /// How long a file that no event told of must be unchanged, where events are seen.
    package var settleTime = Duration.seconds(2)
    /// The same where only polling is.
    package var settleTimePolling = Duration.seconds(10)
    /// How long a file must be quiet after it was closed.
    package var quietTime = Duration.milliseconds(200)
    /// How long to wait for the close of a file that was seen to be written to, and for the file of an early companion.
    package var openFileWait = Duration.seconds(600)
    /// Whether inotify is used; false polls only.
    package var usesEvents = true
    /// Names of markers without which no file is complete: `*` stands for the file's name; without it, one marker is for
    /// the files of its directory. Empty where no markers are used.
    package var doneMarkers: [String] = []
    package var checksums = Checksums.verify
    /// Whether `name.meta.json` belongs to `name`.
    package var hasMetadata = true

    // MARK: Which files
    /// Names to take, as globs; one with a slash is matched against the path below the directory.
    package var include = ["*"]
    /// Names of files and of directories to leave.
    package var exclude: [String] = []
    /// Names that are never articles, as globs.
    package var junk = DropDirectoryConfiguration.usualJunk
    /// Whether names that begin with a dot are taken.
    package var takesHidden = false
    package var symbolicLinks = SymbolicLinks.ignore
    package var hardLinks = HardLinks.take
    /// Whether directories below are scanned.
    package var isRecursive = true
    /// How deep; 1 is the directory itself.
    package var maximumDepth = 16
    /// Smaller files are left alone.
    package var minimumBytes: ByteSize = 0
    /// Files changed less long ago are left alone until they are older.
    package var minimumAge = Duration.zero
    /// Files changed longer ago are ignored; zero for no limit.
    package var maximumAge = Duration.zero
    /// Larger files go to quarantine unread, except those of formats that are read piece by piece.
    package var maximumFileBytes = ByteSize.gibibytes(1)
    /// A longer article goes to quarantine.
    package var maximumArticleBytes = ByteSize.mebibytes(64)

    // MARK: Containers
    /// Whether compressed files and archives are opened.
    package var opensContainers = true
    /// The number of members of a container, with those of containers in it.
    package var maximumMembers = 1_000_000
    /// How deep containers may lie in containers; 1 is the file itself.
    package var maximumNesting = 3
    /// The bytes that a container may expand to.
    package var maximumExpandedBytes = ByteSize.gibibytes(64)
    /// How many times its own size a container may expand to, beyond a small allowance.
    package var maximumExpansion = 250
    /// More failed parts end the reading of a file.
    package var maximumFailedParts = 1000

    // MARK: In which order
    /// Directories of a higher priority are served first.
    package var priority = 0
    package var order = Order.oldest
    /// Files a second, at most; 0 for no limit.
    package var maximumFilesPerSecond = 0
    /// Bytes a second, at most; 0 for no limit.
    package var maximumBytesPerSecond: ByteSize = 0

    // MARK: Afterwards
    package var after = After.archive
    package var duplicates = Duplicates.skip
    /// Where the archive stands, absolute: in a folder named after the source. `.done` in the directory where it is nil.
    package var archiveDirectory: String?
    /// How long the archive keeps a file; zero for ever.
    package var archiveRetention = Duration.zero
    /// How much the archive keeps; 0 for no limit.
    package var archiveMaximumBytes: ByteSize = 0

    /// What editors, browsers, copy programs and file managers leave.
    static let usualJunk = [
        "*.tmp", "*.part", "*.partial", "*.filepart", "*.writing", "*.crdownload", "~*", ".DS_Store", "Thumbs.db",
        "desktop.ini", "@eaDir", "lost+found", ".nfs*", ".fuse_hidden*",
    ]

    /// Makes the defaults for a directory.
    package init(path: String) {
        let path = DropDirectoryConfiguration.withoutClosingSlashes(path)
        self.path = path
        source = DropDirectoryConfiguration.source(of: path)
    }

    private static func source(of path: String) -> String {
        Topic.part(path.split(separator: "/").last.map(String.init) ?? "files")
    }

    /// Where its archive stands.
    var archivePath: String { archiveDirectory.map { "\($0)/\(source)" } ?? "\(path)/\(Disposal.archive)" }

    /// One directory has one path.
    static func withoutClosingSlashes(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
