import Articles
import FoundationEssentials
import Hashing
import Messaging

/// Erasing: the database's part of it, in one transaction.
extension CommitDesk {
    /// What one transaction takes away, and what it tells.
    struct Erasure {
        var cause: ErasureCause
        var reason: String
        var time: Timestamp
        /// The records on the log.
        var hits: [LogScan.Hit] = []
        /// Articles that are held.
        var held: [(article: HeldTable.Due, subject: ErasureSubject)] = []
        /// What is told of each subject at the end of the log, beyond what its records say.
        var subjects: [ErasureSubject: Telling] = [:]
        /// Digests of files, beyond those that the records name.
        var files: Set<[UInt8]> = []
        /// Up to where the book is applied by it.
        var place: ErasureBook.Place

        /// What is told of a subject.
        struct Telling {
            var seqs: Set<UInt64> = []
            /// Of an article that is erased by its id.
            var source: String?
            var topics: Set<String> = []
        }
    }

    /// The members of a record that say where its article came from.
    private struct Origin: Decodable {
        struct Ingest: Decodable { var sha256: String? }
        var id: ArticleID
        var source: String
        var ingest: Ingest
    }

    /// Puts a `gone` in the place of each record, takes what is held away, tells of it at the end of the log, and notes
    /// which files are to go.
    ///
    /// - Returns: the sequence numbers of what tells of it; nil where there is no topic to tell it on.
    func erase(_ erasure: Erasure) throws -> ClosedRange<UInt64>? {
        var told: ClosedRange<UInt64>?
        let isForEver = erasure.cause == .operator
        _ = try transaction {
            var subjects = erasure.subjects
            var files = erasure.files
            func take(_ record: [UInt8], _ topic: String, _ subject: ErasureSubject) throws -> GoneRecord {
                let origin = try JSONDecoder().decode(Origin.self, from: Data(record))
                if let digest = origin.ingest.sha256.flatMap({ Hexadecimal.decode($0) }), digest.count == 32 {
                    files.insert(digest)
                }
                subjects[subject, default: .init()].topics.insert(topic)
                subjects[subject, default: .init()].source = origin.source
                return GoneRecord(
                    subject, id: origin.id, source: origin.source, cause: erasure.cause, reason: erasure.reason,
                    erased: erasure.time)
            }
            for hit in erasure.hits {
                try store.log.erase(hit, leaving: try take(hit.record, hit.topic, hit.subject))
                subjects[hit.subject, default: .init()].seqs.insert(hit.seq)
                if let id = hit.id { try store.due.forget(id) }
            }
            for (article, subject) in erasure.held {
                _ = try take(article.record, article.topic.description, subject)
                try store.held.remove(
                    HeldTable.Standing(row: article.row, id: article.id, version: nil, file: article.file),
                    isForEver ? .erased : .expired)
                try closeIfDone(article.file)
            }
            for digest in files { try store.erased.noteFile(digest, isForEver: isForEver) }
            for (subject, telling) in subjects.sorted(by: { $0.key.key < $1.key.key }) {
                if isForEver { try store.erased.note(subject) }
                if case .article(let id) = subject { try store.due.forget(id) }
                let gone = GoneRecord(
                    subject, source: telling.source, cause: erasure.cause, reason: erasure.reason,
                    erased: erasure.time, seqs: telling.seqs.sorted())
                let places = try store.log.append(gone: gone, topics: telling.topics)
                if let places { told = (told?.lowerBound ?? places.lowerBound)...places.upperBound }
            }
            try store.erased.note(erasure.place)
            return []
        }
        return told
    }
}
