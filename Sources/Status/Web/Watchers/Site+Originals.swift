import Articles
import HTTP
import Messaging

extension Site {
    /// Asks a file's watcher for it. What it is nobody knows: it is handed out to be stored, and nothing else.
    func originalFile(_ file: StoreReader.FileRow) throws(Problem) -> Response {
        // By its digest the watcher sees that it is the same file.
        guard (try? JSONValue(json: file.record))?["sha256"]?.stringValue != nil else {
            throw .notFound("This file was never read, so its original is not known.")
        }
        let reply = try watchers.ask(
            "FILE", stream: file.position.stream, directory: file.directory, json: file.record)
        guard let content = reply.payload.first else {
            let place = (try? JSONValue(json: reply.json))?["path"]?.stringValue ?? ""
            throw Problem(status: 413, detail: "The file is too large to be sent; it lies at '\(place.prefix(1000))'.")
        }
        var response = Response(contentType: "application/octet-stream", body: content)
        let name = file.path.split(separator: "/").last.map(String.init) ?? "file"
        response.addHeader(
            "Content-Disposition", "attachment; filename*=UTF-8''\(percentEncoded(String(name.prefix(200))))")
        return response
    }

    /// The same for who may see what is shown: a file with an article that is not to be shown is not handed out.
    func shownOriginal(_ file: StoreReader.FileRow) throws -> Response {
        guard try !store.read({ try $0.hasHidden(in: file) }) else {
            throw Problem(
                status: 403, detail: "This file has an article that is not to be shown, so it is not handed out.")
        }
        return try originalFile(file)
    }
}
