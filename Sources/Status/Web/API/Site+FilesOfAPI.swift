import Articles
import HTTP
import Messaging

extension Site {
    /// Files that were dropped.
    static let fileRoutesOfAPI: [Route] = [
        .get("/api/v1/files", Site.files),
        .get("/api/v1/files/{id}", Site.file),
        // It may have what was withdrawn since.
        .get("/api/v1/files/{id}/original", for: .operate, Site.fileOriginalAnswer),
    ]

    /// `/api/v1/files`: what became of files, the last first.
    func files(_ request: HTTP.Request, _: String) throws -> Response {
        let limit = try request.number("limit", in: 1...200) ?? 20
        let place = try request.cursor { ListPlace(cursor: $0) } ?? .end
        let filter = FileFilter(
            outcome: try request.word("outcome", FileOutcome.self), directory: try request.text("directory"),
            path: try request.text("path"))
        let page = try store.read { try $0.files(filter, at: place, limit: limit) }
        return ListReply(page).response(to: request) { writer in
            writer.array("files", page.rows) { $0.numberedFile($1) }
        }
    }

    /// `/api/v1/files/{id}`: what became of a file, with its articles.
    func file(_ request: HTTP.Request, _ id: String) throws -> Response {
        let file = try knownFile(id)
        let articles = try store.read { reader in
            file.firstSeq == nil ? [] : try reader.articles(path: file.path, of: file)
        }
        return .json(
            Reply { writer in
                writer.key("file")
                writer.numberedFile(file)
                writer.array("articles", articles) { $0.article($1) }
            }.json)
    }

    /// `/api/v1/files/{id}/original`: the file as it was dropped.
    func fileOriginalAnswer(_ request: HTTP.Request, _ id: String) throws -> Response {
        try originalFile(try knownFile(id))
    }

    private func knownFile(_ id: String) throws -> StoreReader.FileRow {
        let parts = id.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let stream = StreamID(String(parts[0])), let epoch = UInt32(parts[1]),
            let seq = UInt64(parts[2]),
            let file = try store.read({ try $0.file(stream: stream, epoch: epoch, seq: seq) })
        else { throw Problem.notFound("There is no file of this id.") }
        return file
    }
}

extension JSONWriter {
    /// Writes a file with the id by which it is asked for: its place.
    fileprivate mutating func numberedFile(_ file: StoreReader.FileRow) {
        var own = JSONWriter(capacity: 512)
        own.file(file)
        let place = file.position
        raw(Array("{\"id\":\"\(place.stream).\(place.epoch).\(place.seq)\",".utf8) + own.bytes.dropFirst())
    }
}
