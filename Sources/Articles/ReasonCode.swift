/// Why a file, or a part of one, ended as it did: the one list of the words that stand in `code` of a `file` record, of a
/// quarantine's reason and of a failed part. `Outcomes.md` explains each; a test holds the two to each other.
package enum ReasonCode: String, Sendable, Codable, CaseIterable {
    // MARK: Published
    /// Every article is on the log.
    case ok

    // MARK: Held
    /// Articles of it are held until their embargo ends.
    case embargoed

    // MARK: Duplicate
    /// The same bytes were published before from this drop directory.
    case duplicateContent = "duplicate_content"

    // MARK: Ignored
    /// It is older than the directory's `max_age`.
    case tooOld = "too_old"
    /// A marker or sidecar whose file never came.
    case orphanCompanion = "orphan_companion"
    /// A container without a file in it.
    case emptyContainer = "empty_container"

    /// A list or a feed without an entry.
    case noEntries = "no_entries"
    /// A feed whose entries were all published before.
    case nothingNew = "nothing_new"
    /// A page of a crawl with neither a main text nor a headline, or an item that defines concepts or topics and tells none.
    case noNews = "no_news"
    /// What a crawler saw before, and did not keep again.
    case revisit
    /// It is of a kind that the directory does not take, such as a picture.
    case kindNotTaken = "kind_not_taken"
    /// All that it had was held, and a later version came before it was released.
    case superseded
    /// Its publisher canceled all that it had before it was published: before it came, or while it was held.
    case withdrawn

    /// All that it had was erased by an operator before, as content or with all of its versions.
    case erased
    /// All that it had says of itself that its time was over when it came.
    case expired

    // MARK: Bad content
    /// There is no visible text in it.
    case empty
    /// It is no text, where text is expected.
    case binary
    case invalidUTF8 = "invalid_utf8"
    /// It begins with the date or the abstract.
    case noHeadline = "no_headline"
    /// The page has neither a main text nor a headline.
    case noArticle = "no_article"
    /// It is no XML, or ends before its root does.
    case badXML = "bad_xml"
    /// It is no JSON, or not the JSON that it should be.
    case badJSON = "bad_json"
    /// The front matter of a text is no YAML, TOML or JSON, or does not end.
    case badFrontMatter = "bad_front_matter"
    /// A field that decides what may be done with the article has a value that nobody knows.
    case badField = "bad_field"
    /// Its encoding is one that this machine cannot read.
    case unreadableEncoding = "unreadable_encoding"
    /// Its markup is deeper or larger than any article's, as if made to be expensive.
    case tooComplex = "too_complex"
    /// The file or an article is larger than the directory takes.
    case tooLarge = "too_large"
    /// It is of no format that is known.
    case unknownFormat = "unknown_format"
    /// The watcher died with it in hand, and then a process that parsed it apart did.
    case parserCrashed = "parser_crashed"
    /// It changed while it was read, after some of its articles were published.
    case changed

    // MARK: Companions
    /// It is not what its `.sha256` or `.md5` says.
    case checksumMismatch = "checksum_mismatch"
    /// Its `.sha256` or `.md5` cannot be read.
    case badChecksumFile = "bad_checksum_file"
    /// Its `.meta.json` cannot be read.
    case badMetadata = "bad_metadata"

    // MARK: Containers
    /// The container ends early, or is damaged.
    case damagedContainer = "damaged_container"
    /// It is encrypted, a member of a container or a mail.
    case encrypted
    /// It expands beyond the limits of size, ratio, count or depth.
    case expandsTooFar = "expands_too_far"
    /// A member's path leads out of the container, or is too long.
    case badMemberPath = "bad_member_path"
    /// A member is a link, a device or the like.
    case notAFile = "not_a_file"
    /// More parts failed than the directory's `max_failed_parts`.
    case tooManyFailures = "too_many_failures"

    /// It lies in quarantine, and the reason that should stand beside it is missing or cannot be read.
    case reasonLost = "reason_lost"

    // MARK: Operator
    /// An operator gave it up.
    case discarded
}
