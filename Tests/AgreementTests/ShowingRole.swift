import Articles
import Deduplication
import Foundation
import Indexing
import Messaging
import SQLite
import Status
import TestSupport

/// A role that shows articles, with its real store in a scratch folder.
protocol ShowingRole: AnyObject {
    /// Takes records in, in one transaction, as its process does.
    func take(_ records: [(Position, [UInt8])]) throws
    /// The titles that are shown of the article of a uri.
    func shown(of uri: String) throws -> [String]
}

/// Feeds records to a worker's processor, as its bench does.
private func apply(_ records: [(Position, [UInt8])], to processor: any StatefulProcessor) throws {
    for (position, bytes) in records {
        switch RecordType.of(bytes) {
        case .kill:
            try processor.kill(JSONDecoder().decode(KillRecord.self, from: Data(bytes)), bytes: bytes, at: position)
        case .gone: try processor.erase(JSONDecoder().decode(GoneRecord.self, from: Data(bytes)), at: position)
        default:
            let article = try JSONDecoder().decode(Article.self, from: Data(bytes))
            _ = try processor.apply(WorkItem(position: position, bytes: bytes, article: article))
        }
    }
    try processor.willCommit()
}

/// The index: what a search finds.
final class IndexRole: ShowingRole {
    private let connection: Connection
    private let indexer: Indexer
    private let searcher: ArticleSearcher

    init(_ folder: ScratchDirectory) throws {
        connection = try Connection(path: folder.path("index.sqlite"))
        try connection.configure(durability: .normal)
        indexer = try Indexer(savedSearches: folder.path("saved.sqlite")) { _ in }
        try indexer.prepare(connection)
        searcher = try ArticleSearcher(
            connection: Connection(path: folder.path("index.sqlite"), mode: .readOnly), timeLimit: .seconds(20))
    }

    func take(_ records: [(Position, [UInt8])]) throws {
        try connection.transaction { try apply(records, to: indexer) }
        try indexer.didCommit()
    }

    func shown(of uri: String) throws -> [String] {
        // The body begins with the uri's number, which nothing else has.
        try searcher.search("body\(uri)").hits.map { $0.title ?? "" }
    }
}

/// The status service: what the page lists.
final class StatusRole: ShowingRole {
    private let store: ResultStore
    private let reader: StoreReader

    init(_ folder: ScratchDirectory) throws {
        store = try ResultStore(path: folder.path("status.sqlite"))
        reader = try StoreReader(path: folder.path("status.sqlite"))
    }

    func take(_ records: [(Position, [UInt8])]) throws {
        guard let last = records.last?.0 else { return }
        let payload = records.flatMap { [PositionFrame(kind: .record, position: $0.0).bytes, $0.1] }
        let json = """
            {"low":1,"head":\(last.seq),"next":{"stream":"\(last.stream)","epoch":1,"after":\(last.seq),"time_ms":1},\
            "count":\(records.count)}
            """
        let batch = try FetchReply(Reply(json: Array(json.utf8), payload: payload))
        let (unreadable, _) = try store.transaction { try store.apply(batch) }
        precondition(unreadable == 0, "the records are well-formed")
    }

    func shown(of uri: String) throws -> [String] {
        try reader.articles(limit: 10, source: "wire\(uri)").map { $0.title ?? "" }
    }
}

/// The stream of unique articles: what a consumer has that takes its records one by one and knows nothing but that the
/// last one of a uri stands, that one which is not usable hides it, that a kill is for ever, and that what is gone is not
/// shown.
final class UniqueStreamRole: ShowingRole {
    private let connection: Connection
    private let processor: DeduplicationProcessor
    private let consumer: Consumer

    /// What outlives the role's restart.
    final class Consumer {
        private var titles: [String: String] = [:]
        private var ids: [String: String] = [:]
        private var killed: Set<String> = []

        init() {}

        func take(_ bytes: [UInt8]) throws {
            let record = try JSONDecoder().decode(JSONValue.self, from: Data(bytes))
            if record["type"]?.stringValue == "gone", record["uri"] == nil {
                for (uri, id) in ids where id == record["id"]?.stringValue { titles[uri] = nil }
                return
            }
            guard let uri = record["uri"]?.stringValue else { return }
            ids[uri] = record["id"]?.stringValue
            if record["type"]?.stringValue == "kill" { killed.insert(uri) }
            let isUsable = (record["pub_status"]?.stringValue ?? "usable") == "usable" && !killed.contains(uri)
            titles[uri] = isUsable ? record["title"]?.stringValue : nil
        }

        func shown(of uri: String) -> [String] { titles[uri].map { [$0] } ?? [] }
    }

    init(_ folder: ScratchDirectory, consumer: Consumer) throws {
        self.consumer = consumer
        connection = try Connection(path: folder.path("deduplicate.sqlite"))
        try connection.configure(durability: .normal)
        processor = DeduplicationProcessor(deduplicator: Deduplicator()) { records in
            for record in records {
                do { try consumer.take(record.bytes) } catch { preconditionFailure("the stream has records: \(error)") }
            }
        }
        try processor.prepare(connection)
    }

    func take(_ records: [(Position, [UInt8])]) throws {
        try connection.transaction { try apply(records, to: processor) }
        try processor.didCommit()
    }

    func shown(of uri: String) throws -> [String] { consumer.shown(of: uri) }
}
