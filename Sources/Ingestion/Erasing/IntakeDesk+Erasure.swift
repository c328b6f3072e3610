import Articles
import Linux
import Messaging
import SQLite
import Telemetry

/// Erasing: an operator has the words of an article removed from wherever the watcher has them.
extension IntakeDesk {
    /// How long it is waited before files are looked for again that could not be removed.
    private static let patience = Duration.seconds(600)
    private static let filesAtOnce = 1000

    /// Erases an article on an operator's word, for ever, and tells of it.
    ///
    /// The book has it first: should the process end in between, or the database be restored from a backup, the next start
    /// does what is left.
    ///
    /// - Parameters:
    ///   - found: its records on the log up to a place, which were looked for meanwhile.
    ///   - end: that place.
    func erase(_ order: ErasureOrder, found: [LogScan.Hit], through end: UInt64) throws -> ErasureOutcome {
        collect()
        let matcher = ErasureMatcher([order.subject])
        let hits = try found + LogScan.hits(of: matcher, in: store.connection, from: end + 1)
        let held = try store.held.articles(of: order.subject)
        guard try !hits.isEmpty || !held.isEmpty || !order.known.isEmpty || store.erased.contains(order.subject) else {
            throw ErasureOfNothing(subject: order.subject)
        }
        var entry = ErasureEntry(
            time: Timestamp(milliseconds: wallClock()), cause: .operator, reason: order.reason)
        entry.author = order.author
        switch order.subject {
        case .article(let id): entry.ids = [id]
        case .versions(let source, let uri): (entry.source, entry.uri) = (source, uri)
        }
        entry.seqs = hits.map(\.seq)
        entry.topics = topics(of: order, hits, held)
        let before = book.last
        entry = try book.append(entry)
        do {
            return try apply(entry, order.subject, hits, held, files: order.known.files, place: book.applied)
        } catch {
            book.noteFailed(from: before)
            throw error
        }
    }

    /// The topics on which it is told that an article is erased.
    private func topics(of order: ErasureOrder, _ hits: [LogScan.Hit], _ held: [HeldTable.Due]) -> [String] {
        var topics = Set(hits.map(\.topic) + held.map(\.topic.description))
        var sources = topics.isEmpty ? order.known.sources : []
        if case .versions(let source, _) = order.subject { sources.insert(source) }
        // Where a directory names its topics otherwise, its articles have those.
        for source in sources {
            let part = directories.lazy.map(\.configuration).first { $0.source == source }?.topicPart ?? source
            let known = store.log.articleTopics(of: part)
            // The log may have begun after it had left another one.
            topics.formUnion(known.isEmpty ? [Topic.article(source: part, language: "und").description] : known)
        }
        return topics.sorted()
    }

    private func apply(
        _ entry: ErasureEntry, _ subject: ErasureSubject, _ hits: [LogScan.Hit], _ held: [HeldTable.Due],
        files: Set<[UInt8]> = [], place: ErasureBook.Place
    ) throws -> ErasureOutcome {
        var outcome = ErasureOutcome()
        outcome.number = entry.number
        outcome.seqs = hits.map(\.seq)
        outcome.held = held.count
        let erasure = CommitDesk.Erasure(
            cause: entry.cause, reason: entry.reason, time: entry.time, hits: hits,
            held: held.map { (article: $0, subject: subject) },
            subjects: [subject: CommitDesk.Erasure.Telling(topics: Set(entry.topics))], files: files,
            place: place)
        do {
            outcome.told = try commits.erase(erasure)
        } catch {
            try store.forgetTransaction(now: now)
            throw error
        }
        try showReplaced()
        logger.notice(
            "An operator erased an article.",
            [
                .articleID: entry.ids.first?.description ?? "", .articleURI: entry.uri ?? "",
                .count: "\(hits.count)", .reason: entry.reason,
            ])
        try onPoint?(.afterErasure)
        outcome.isScrubbed = try store.scrub()
        (outcome.removed, outcome.kept) = try removeErasedFiles()
        return outcome
    }

    /// Publishes what was replaced and appended.
    func showReplaced() throws {
        replace(store.log.takeReplaced())
        try showReleased()
    }

    /// Does again what the book says and the database does not know: it was restored from a backup, or the process ended
    /// in between. The workers are told anew.
    func replayErasures() throws {
        let missing = book.missing.compactMap { item in item.entry.subject.map { (item.entry, $0, item.end) } }
        guard !missing.isEmpty else { return }
        logger.notice("Erasures that the database does not know are done again.", [.count: "\(missing.count)"])
        let hits = try LogScan.hits(of: ErasureMatcher(missing.map(\.1)), in: store.connection)
        for (entry, subject, end) in missing {
            var entry = entry
            let found = hits.filter { $0.subject == subject }
            let held = try store.held.articles(of: subject)
            entry.topics = Set(entry.topics + found.map(\.topic) + held.map(\.topic.description)).sorted()
            _ = try apply(entry, subject, found, held, place: end)
        }
    }

    // MARK: Files

    /// How long until files are to be removed; nil where none is.
    var untilErasedFiles: Duration? {
        guard store.erased.hasDueFiles else { return nil }
        // To look for files goes through the whole ledger: it takes a tenth of the time at most.
        let next = store.erased.hasNewFiles ? min(nextErasedFiles, earliestErasedFiles) : nextErasedFiles
        return max(.zero, next - now)
    }

    /// Removes files whose articles were erased, where there are any and it is time.
    func removeErasedFilesIfDue() throws {
        if let until = untilErasedFiles, until == .zero { _ = try removeErasedFiles() }
        try store.scrubIfDue()
    }

    /// Removes the files in which erased articles came from archive and quarantine; returns which went, and which stay.
    ///
    /// What lies in a drop directory whose files are left where they are is not the watcher's to remove.
    func removeErasedFiles() throws -> (removed: [ErasedFile], kept: [ErasedFile]) {
        guard store.erased.hasDueFiles else { return ([], []) }
        collect()
        var (removed, stay): ([ErasedFile], [ErasedFile]) = ([], [])
        var done = try store.erased.dueFiles(limit: IntakeDesk.filesAtOnce)
        let start = now
        nextErasedFiles = start + (done.count < IntakeDesk.filesAtOnce ? IntakeDesk.patience : .seconds(1))
        defer { earliestErasedFiles = now + max(.seconds(1), (now - start) * 10) }
        for (entry, parts) in try ledger.erasedRows() {
            guard let digest = entry.sha256, done.contains(digest) else { continue }
            let (outcome, isDone) = remove(entry, parts)
            if !isDone { done.remove(digest) }
            for file in outcome { if file.trouble == nil { removed.append(file) } else { stay.append(file) } }
        }
        for file in removed { logger.notice("A file with an erased article was removed.", [.path: file.path]) }
        for file in stay {
            logger.warning(
                "A file with an erased article stays.", [.path: file.path, .reason: file.trouble ?? ""])
        }
        try store.attempt(now: now) { try store.connection.transaction { try store.erased.noteRemoved(done) } }
        return (removed, stay)
    }

    /// Removes one file; returns what came of it, and false where it is to be tried again.
    private func remove(_ entry: Ledger.Entry, _ parts: Int) -> (files: [ErasedFile], isDone: Bool) {
        func stays(_ path: String, _ why: String) -> [ErasedFile] {
            [ErasedFile(path: path, parts: parts, trouble: why)]
        }
        guard let directory = directories.first(where: { $0.id == entry.directory }) else {
            return (stays(entry.path.description, "its drop directory is not watched any more"), false)
        }
        let path = "\(directory.configuration.path)/\(entry.path)"
        guard let disposal = directory.disposal else {
            return (stays(path, "its drop directory cannot be read: \(directory.trouble ?? "")"), false)
        }
        do throws(SystemError) {
            let paths = try disposal.erase(entry)
            var files = paths.map { ErasedFile(path: $0, parts: parts) }
            switch entry.state {
            case .disposed: return (files, true)
            case .left:
                if try disposal.isLeft(entry) {
                    files += stays(path, "after = \"leave\": it stays where it was dropped, and is not read again")
                }
                return (files, true)
            case .open, .committed, .keeping:
                // It is on its way; nothing was there yet, or else it is there now.
                if files.isEmpty { nextErasedFiles = min(nextErasedFiles, now + .seconds(1)) }
                return (files, !files.isEmpty)
            }
        } catch {
            return (stays(path, "\(error)"), false)
        }
    }
}
