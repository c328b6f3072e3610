import Articles
import HTTP
import Messaging

extension Site {
    /// What became of files, and the files themselves.
    static let fileRoutes: [Route] = [
        .get("/files/{path}", Site.filePage),
        .get("/files/{path}/original", Site.fileOriginal),
        .get("/articles/{id}/original", Site.articleOriginal),
        .get("/articles/{id}/record", Site.articleRecord),
    ]

    /// `/files/{path}`: what became of a file each time it was dropped.
    func filePage(_ request: HTTP.Request, _ path: String) throws -> Response {
        try store.read { reader in
            let visits = try reader.files(path: path).map { file in
                FilePage.Visit(
                    file: file, record: (try? JSONValue(json: file.record)) ?? .null,
                    articles: file.firstSeq == nil
                        ? [] : try reader.articles(path: file.path, of: file, limit: FilePage.mostArticles + 1),
                    kills: try reader.kills(of: file, limit: 20))
            }
            let articles = visits.isEmpty ? try reader.articles(path: path, limit: FilePage.mostArticles) : []
            guard !visits.isEmpty || !articles.isEmpty else {
                return self.html(FilePage.missing(path), status: 404)
            }
            let quarantined = try visits.first.map { visit in
                try reader.quarantine(
                    path: visit.file.path, directory: visit.file.directory, stream: visit.file.position.stream)
            }
            return self.html(
                FilePage.render(
                    path, visits, waiting: articles,
                    quarantined: (quarantined ?? []).map(StatusSnapshot.Quarantined.init)))
        }
    }

    /// `/files/{path}/original`: the file as it was dropped.
    func fileOriginal(_ request: HTTP.Request, _ path: String) throws -> Response {
        let seq = try request.number("seq", in: UInt64(1)...UInt64(Int64.max))
        let epoch = try request.number("epoch", in: UInt32(1)...UInt32.max)
        let stream = request.query("stream").flatMap { StreamID($0) }
        let files = try store.read { try $0.files(path: path) }
        let file = files.first { file in
            (seq ?? file.position.seq) == file.position.seq && (epoch ?? file.position.epoch) == file.position.epoch
                && (stream ?? file.position.stream) == file.position.stream
        }
        guard let file else { throw Problem.notFound("Nothing is known of this file.") }
        return try shownOriginal(file)
    }
}
