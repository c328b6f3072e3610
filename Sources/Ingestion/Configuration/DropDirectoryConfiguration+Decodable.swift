import Articles
import Formats
import Linux
import TOML
import TimeZones

extension DropDirectoryConfiguration {
    private enum CodingKeys: String, CodingKey {
        case path, source, topic, language, format, kinds, fields, embargo, expires, include, exclude, junk, recursive,
            events,
            after,
            duplicates
        case checksums, metadata, hidden, symlinks, containers, priority, order
        case detectLanguage = "detect_language"
        case timeZone = "time_zone"
        case pollInterval = "poll_interval"
        case settleTime = "settle_time"
        case settleTimePolling = "settle_time_polling"
        case quietTime = "quiet_time"
        case openFileWait = "open_file_wait"
        case doneMarkers = "done_markers"
        case hardLinks = "hard_links"
        case maximumDepth = "max_depth"
        case minimumBytes = "min_bytes"
        case minimumAge = "min_age"
        case maximumAge = "max_age"
        case maximumFileBytes = "max_file_bytes"
        case maximumArticleBytes = "max_article_bytes"
        case maximumMembers = "max_members"
        case maximumNesting = "max_nesting"
        case maximumExpandedBytes = "max_expanded_bytes"
        case maximumExpansion = "max_expansion"
        case maximumFailedParts = "max_failed_parts"
        case maximumFilesPerSecond = "max_files_per_second"
        case maximumBytesPerSecond = "max_bytes_per_second"
        case archiveDirectory = "archive_directory"
        case archiveRetention = "archive_retention"
        case retentionDays = "retention_days"
        case archiveMaximumBytes = "archive_max_bytes"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let path = try keys.required(.path, check: DropDirectoryConfiguration.problemOfPath)
        self.init(path: path)
        try decodeIdentity(keys)
        try decodeReadiness(keys)
        try decodeSelection(keys)
        try decodeContainers(keys)
        try decodeOrder(keys)
        try decodeDisposal(keys)
    }

    private typealias Keys = KeyedDecodingContainer<CodingKeys>

    private mutating func decodeIdentity(_ keys: Keys) throws {
        source = try keys.value(.source, default: source, check: DropDirectoryConfiguration.problemOfTopicPart)
        let topic = try keys.value(.topic, default: "") { topic in
            topic.isEmpty ? nil : DropDirectoryConfiguration.problemOfTopicPart(topic)
        }
        self.topic = topic.isEmpty ? nil : topic
        language = try keys.value(.language, default: language) { language in
            let isTag =
                (2...35).contains(language.utf8.count) && language == Topic.part(language).replacing("_", with: "-")
            return isTag ? nil : "must be a language tag in lower case such as \"en\" or \"pt-br\", is \"\(language)\""
        }
        detectsLanguage = try keys.value(.detectLanguage, default: detectsLanguage)
        let zone = try keys.value(
            .timeZone, default: timeZone.name, check: DropDirectoryConfiguration.problemOfTimeZone)
        timeZone = Zone(zone) ?? timeZone
        let format = try keys.value(.format, default: "auto", check: DropDirectoryConfiguration.problemOfFormat)
        self.format = format == "auto" ? nil : format
        let kinds = try keys.value(
            .kinds, default: ["text", "composite"], check: DropDirectoryConfiguration.problemOfKinds)
        self.kinds = Set(kinds.compactMap { Article.Kind(rawValue: $0) })
        fields = try keys.section(.fields, default: FieldNames()) { try FieldNames(from: $0) }.mapping
        embargo = try keys.value(.embargo, default: embargo)
        expires = try keys.value(.expires, default: expires)
        retentionDays = try keys.value(.retentionDays, default: retentionDays, in: 0...36_500)
    }

    private mutating func decodeReadiness(_ keys: Keys) throws {
        let short = Duration.milliseconds(10) ... .seconds(3600)
        let day = Duration.zero ... .seconds(86_400)
        pollInterval = try keys.value(.pollInterval, default: pollInterval, in: short)
        settleTime = try keys.value(.settleTime, default: settleTime, in: day)
        settleTimePolling = try keys.value(.settleTimePolling, default: settleTimePolling, in: day)
        quietTime = try keys.value(.quietTime, default: quietTime, in: .zero ... .seconds(3600))
        openFileWait = try keys.value(.openFileWait, default: openFileWait, in: .zero ... .seconds(7 * 86_400))
        usesEvents = try keys.value(.events, default: usesEvents)
        doneMarkers = try keys.value(.doneMarkers, default: doneMarkers) { markers in
            markers.first { marker in
                let own = [Disposal.archive, Disposal.quarantine, Disposal.privateNames].map(\.description)
                return marker.isEmpty || marker.contains("/") || marker == "*" || own.contains(marker)
                    || marker.count { $0 == "*" } > 1
            }.map {
                "must be names such as \"*.done\", with one * for the file's name, or \"batch.done\", has \"\($0)\""
            }
        }
        checksums = try keys.value(.checksums, default: checksums)
        hasMetadata = try keys.value(.metadata, default: hasMetadata)
    }

    private mutating func decodeSelection(_ keys: Keys) throws {
        include = try keys.value(.include, default: include) { globs in
            globs.isEmpty ? "must name at least one glob" : DropDirectoryConfiguration.problemOfGlobs(globs)
        }
        exclude = try keys.value(.exclude, default: exclude, check: DropDirectoryConfiguration.problemOfGlobs)
        junk = try keys.value(.junk, default: junk, check: DropDirectoryConfiguration.problemOfGlobs)
        takesHidden = try keys.value(.hidden, default: takesHidden)
        symbolicLinks = try keys.value(.symlinks, default: symbolicLinks)
        hardLinks = try keys.value(.hardLinks, default: hardLinks)
        isRecursive = try keys.value(.recursive, default: isRecursive)
        maximumDepth = try keys.value(.maximumDepth, default: maximumDepth, in: 1...100)
        minimumBytes = try keys.value(.minimumBytes, default: minimumBytes, in: 0 ... .gibibytes(1 << 20))
        let years = Duration.zero ... .seconds(36_500 * 86_400)
        minimumAge = try keys.value(.minimumAge, default: minimumAge, in: years)
        maximumAge = try keys.value(.maximumAge, default: maximumAge, in: years)
        maximumFileBytes = try keys.value(.maximumFileBytes, default: maximumFileBytes, in: 1 ... .gibibytes(64))
        maximumArticleBytes = try keys.value(
            .maximumArticleBytes, default: maximumArticleBytes, in: 1 ... .gibibytes(1))
    }

    private mutating func decodeContainers(_ keys: Keys) throws {
        opensContainers = try keys.value(.containers, default: opensContainers)
        maximumMembers = try keys.value(.maximumMembers, default: maximumMembers, in: 1...100_000_000)
        maximumNesting = try keys.value(.maximumNesting, default: maximumNesting, in: 1...16)
        maximumExpandedBytes = try keys.value(
            .maximumExpandedBytes, default: maximumExpandedBytes, in: 1 ... .gibibytes(1 << 20))
        maximumExpansion = try keys.value(.maximumExpansion, default: maximumExpansion, in: 1...1_000_000)
        maximumFailedParts = try keys.value(.maximumFailedParts, default: maximumFailedParts, in: 0...1_000_000)
    }

    private mutating func decodeOrder(_ keys: Keys) throws {
        priority = try keys.value(.priority, default: priority, in: -100...100)
        order = try keys.value(.order, default: order)
        maximumFilesPerSecond = try keys.value(
            .maximumFilesPerSecond, default: maximumFilesPerSecond, in: 0...1_000_000)
        maximumBytesPerSecond = try keys.value(
            .maximumBytesPerSecond, default: maximumBytesPerSecond, in: 0 ... .gibibytes(1024))
    }

    private mutating func decodeDisposal(_ keys: Keys) throws {
        after = try keys.value(.after, default: after)
        duplicates = try keys.value(.duplicates, default: duplicates)
        let archive = try keys.value(.archiveDirectory, default: "") { path in
            path.isEmpty ? nil : DropDirectoryConfiguration.problemOfPath(path)
        }
        archiveDirectory = archive.isEmpty ? nil : DropDirectoryConfiguration.withoutClosingSlashes(archive)
        archiveRetention = try keys.value(
            .archiveRetention, default: archiveRetention, in: .zero ... .seconds(36_500 * 86_400))
        archiveMaximumBytes = try keys.value(
            .archiveMaximumBytes, default: archiveMaximumBytes, in: 0 ... .gibibytes(1 << 20))
    }

    // MARK: Problems

    private static func problemOfPath(_ path: String) -> String? {
        path.hasPrefix("/") ? nil : "must be an absolute path, is \"\(path)\""
    }

    private static func problemOfTopicPart(_ text: String) -> String? {
        text == Topic.part(text)
            ? nil : "must be 1 to 40 of a-z 0-9 . _ -, for example \"\(Topic.part(text))\", is \"\(text)\""
    }

    private static func problemOfGlobs(_ globs: [String]) -> String? {
        for glob in globs {
            if let problem = Glob.problem(glob) { return "must be globs such as \"*.txt\": \"\(glob)\" \(problem)" }
        }
        return nil
    }

    private static func problemOfTimeZone(_ name: String) -> String? {
        guard Zone(name) == nil else { return nil }
        let names = Zone.names()
        func place(_ name: some StringProtocol) -> String { name.split(separator: "/").last?.lowercased() ?? "" }
        // A name in another case, then a place without its continent, then a typing error.
        let suggestion =
            names.first { $0.lowercased() == name.lowercased() }
            ?? names.first { place($0) == place(name.replacing(" ", with: "_")) } ?? nearest(to: name, in: names)
        return "must be a name of the IANA time zone database such as \"Europe/Helsinki\", is \"\(name)\""
            + (suggestion.map { "; did you mean \"\($0)\"?" } ?? "")
    }

    private static func problemOfKinds(_ kinds: [String]) -> String? {
        let names = Article.Kind.allCases.map(\.rawValue)
        guard !kinds.isEmpty else { return "must name at least one kind" }
        return kinds.first { !names.contains($0) }.map { kind in
            "must be of \(names.map { "\"\($0)\"" }.joined(separator: ", ")), has \"\(kind)\""
                + (nearest(to: kind, in: names).map { "; did you mean \"\($0)\"?" } ?? "")
        }
    }

    private static func problemOfFormat(_ name: String) -> String? {
        let names = ["auto"] + FormatRegistry.standard.names
        guard !names.contains(name) else { return nil }
        let known = names.map { "\"\($0)\"" }.joined(separator: ", ")
        return "must be one of \(known), is \"\(name)\""
            + (nearest(to: name, in: names).map { "; did you mean \"\($0)\"?" } ?? "")
    }
}
