import FoundationEssentials
import HTTP
import Messaging

/// What is to be done with files in quarantine.
struct QuarantineChange: Sendable {
    /// The ways out of a quarantine.
    enum Action: String, Sendable, Decodable, CaseIterable {
        case retry, discard
    }

    /// A file as the quarantine names it, a part of one with its number behind: `a.json#3`.
    struct File: Sendable, Decodable {
        var path: String
        /// Its drop directory; nil for those of all directories of the watcher.
        var directory: String?
        /// That of the log of its watcher.
        var stream: StreamID?
        /// The watcher's name, with `@HOST` where several have it.
        var watcher: String?
    }

    enum Scope: Sendable {
        case files([File])
        /// All of all watchers, of a code and a source where they are named.
        case all(code: String?, source: String?)
    }

    var action: Action
    var scope: Scope
    /// It came from a form, so that a page is to be shown afterwards.
    var isForm: Bool

    /// The most files that are named in one request.
    static let limit = 500

    private struct Body: Decodable {
        var action: Action
        var files: [File]?
        var all: Bool?
        var code: String?
        var source: String?
    }

    init(_ request: HTTP.Request) throws(Problem) {
        switch try ActionBody(request) {
        case .form(let fields):
            guard let action = fields.value("action").flatMap({ Action(rawValue: $0) }) else {
                throw .badRequest("'action' is retry or discard.", parameter: "action")
            }
            self.action = action
            isForm = true
            if fields.value("all") == "true" {
                scope = .all(code: fields.value("code"), source: fields.value("source"))
            } else {
                guard let path = fields.value("path") else {
                    throw .badRequest("'path' names a file.", parameter: "path")
                }
                let stream = try fields.value("stream").map { text throws(Problem) in
                    guard let stream = StreamID(text) else {
                        throw .badRequest("'stream' is a UUID.", parameter: "stream")
                    }
                    return stream
                }
                scope = .files([
                    File(
                        path: path, directory: fields.value("directory"), stream: stream,
                        watcher: fields.value("watcher"))
                ])
            }
        case .json(let data):
            let body = try ActionBody.decode(Body.self, data)
            action = body.action
            isForm = false
            guard (body.files != nil) != (body.all == true) else {
                throw .badRequest("Either 'files' or 'all': true says which are meant.")
            }
            scope = body.files.map { .files($0) } ?? .all(code: body.code, source: body.source)
        }
        if case .files(let files) = scope {
            guard (1...QuarantineChange.limit).contains(files.count), files.allSatisfy({ !$0.path.isEmpty }) else {
                throw .badRequest("'files' has 1 to \(QuarantineChange.limit) files, each with its path.")
            }
        }
    }
}
