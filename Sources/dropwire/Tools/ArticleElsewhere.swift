import Articles
import Hashing
import Messaging
import ZeroMQ

/// What index and status service know of an article that may have left the log: whose it was, and which files it came in.
struct ArticleElsewhere {
    /// The sources that published it.
    private(set) var sources: Set<String> = []
    /// The digests of the files that it came in, in hexadecimal digits.
    private(set) var files: Set<String> = []
    /// Who did not answer.
    private(set) var silent: [String] = []

    /// Asks both; one that does not answer is passed over.
    init(_ subject: ErasureSubject, _ configuration: Configuration, _ context: Context) {
        func ask(_ name: String, _ endpoints: [String], _ command: String, _ json: [UInt8]) -> Reply? {
            do {
                let client = CommandClient(context: context, endpoints: endpoints)
                return try client.request(command, json: json, deadline: .seconds(2))
            } catch let error as WireError where error.code == WireError.Code.notFound.rawValue {
                return nil
            } catch {
                silent.append(name)
                return nil
            }
        }
        let get = Reply { subject.write(to: &$0) }.json
        let why = Reply { writer in
            switch subject {
            case .article(let id): writer.field("what", id.description)
            case .versions(let source, let uri):
                writer.field("what", uri)
                writer.field("source", source)
            }
        }.json
        for record in ask("the index", configuration.index.search.forClients, "GET", get)?.payload ?? [] {
            let record = JSONText.read(record)
            take(source: record["source"], file: record["ingest"]?["sha256"])
        }
        guard let journey = ask("the status service", configuration.status.report.forClients, "WHY", why) else {
            return
        }
        let parts = JSONText.read(journey.json)
        for article in parts["articles"]?.arrayValue ?? [] { take(source: article["source"], file: nil) }
        guard !(parts["articles"]?.arrayValue ?? []).isEmpty else { return }
        for file in parts["files"]?.arrayValue ?? [] { take(source: nil, file: file["sha256"]) }
    }

    private mutating func take(source: JSONValue?, file: JSONValue?) {
        if let source = source?.stringValue { sources.insert(source) }
        if let file = file?.stringValue, Hexadecimal.decode(file)?.count == 32 { files.insert(file) }
    }
}
