import Articles
import Messaging

// The JSON that the commands and the API have in common. Where nothing is, an empty list or object stands: whoever reads
// a page of numbers wants to see the zero.

extension JSONWriter {
    /// Writes an array, an empty one too.
    mutating func array<Element>(
        _ name: StaticString, _ elements: some Sequence<Element>, _ body: (inout JSONWriter, Element) throws -> Void
    ) rethrows {
        key(name)
        beginArray()
        for element in elements { try body(&self, element) }
        endArray()
    }

    /// Writes an object, an empty one too.
    mutating func object(_ name: StaticString, _ body: (inout JSONWriter) throws -> Void) rethrows {
        key(name)
        beginObject()
        try body(&self)
        endObject()
    }

    /// Writes an object whose members are numbers, sorted by name.
    mutating func numbers(_ name: StaticString, _ numbers: [String: Int64]) {
        object(name) { writer in
            for (name, number) in numbers.sorted(by: { $0.key < $1.key }) {
                writer.key(text: name)
                writer.integer(number)
            }
        }
    }

    /// Writes the members `files`, `articles`, `kills`, `results` and `cursors`.
    mutating func summary(_ totals: StoreReader.Totals, _ cursors: [Cursor]) {
        numbers("files", totals.files)
        field("articles", totals.articles)
        field("kills", totals.kills)
        object("results") { writer in
            for (kind, results) in totals.results.sorted(by: { $0.key < $1.key }) {
                writer.key(text: kind)
                writer.beginObject()
                writer.field("ok", results.ok)
                writer.field("failed", results.failed)
                writer.field("skipped", results.skipped)
                writer.field("dead", results.dead)
                writer.numbers("verdicts", results.verdicts)
                writer.endObject()
            }
        }
        array("cursors", cursors) { writer, cursor in
            writer.beginObject()
            writer.field("stream", cursor.stream.description)
            writer.field("epoch", cursor.epoch)
            writer.field("seq", cursor.seq)
            writer.endObject()
        }
    }

    /// Writes the member `processes`: the last heartbeats with their age.
    ///
    /// - Parameter hasDirectories: with the drop directories of watchers.
    mutating func processes(_ processes: [StatusBoard.Process], hasDirectories: Bool = true) {
        array("processes", processes) { writer, process in
            var heartbeat = process.heartbeat
            if !hasDirectories { heartbeat.directories = nil }
            var more = JSONWriter(capacity: 128)
            more.beginObject()
            more.field("label", process.label)
            more.field("age_ms", milliseconds(process.age))
            more.field("state", process.isAlive ? "alive" : "silent")
            more.endObject()
            // The heartbeat as it came, and three members more.
            writer.raw(heartbeat.json.dropLast() + [UInt8(ascii: ",")] + more.bytes.dropFirst())
        }
    }

    /// Writes the member `troubles`.
    mutating func troubles(_ troubles: [StatusBoard.Trouble]) {
        array("troubles", troubles) { writer, trouble in
            writer.beginObject()
            writer.field("name", trouble.name)
            writer.field("text", trouble.text)
            writer.endObject()
        }
    }

    /// Writes an article as an object: what lists show, and its results.
    mutating func article(_ article: StoreReader.ArticleRow, more: (inout JSONWriter) -> Void = { _ in }) {
        beginObject()
        field("id", article.id)
        field("stream", article.position.stream.description)
        field("epoch", article.position.epoch)
        field("seq", article.position.seq)
        field("time", Timestamp(milliseconds: article.position.timeMilliseconds).description)
        field("source", article.source)
        field("uri", article.uri)
        field("version", article.version)
        field("standing", article.standing.word)
        field("current", article.current)
        field("warning", article.warning)
        field("title", article.title)
        field("language", article.language)
        field("published", article.published?.description)
        field("received", article.received?.description)
        field("path", article.path)
        array("results", article.results) { writer, result in
            writer.beginObject()
            writer.field("kind", result.kind)
            writer.field("status", result.status)
            writer.field("gen", result.generation)
            writer.field("attempt", result.attempt)
            writer.field("time", Timestamp(milliseconds: result.timeMilliseconds).description)
            writer.key("data")
            writer.raw(result.json)
            writer.endObject()
        }
        more(&self)
        endObject()
    }

    /// Writes a `file` record with its place in its stream: members in front of the record's own.
    mutating func file(_ file: StoreReader.FileRow) {
        var head = JSONWriter(capacity: 160)
        head.beginObject()
        head.field("stream", file.position.stream.description)
        head.field("epoch", file.position.epoch)
        head.field("seq", file.position.seq)
        head.field("time", Timestamp(milliseconds: file.position.timeMilliseconds).description)
        raw(head.bytes + [UInt8(ascii: ",")] + file.record.drop { $0 != UInt8(ascii: "{") }.dropFirst())
    }

    /// Writes a kill as an object: what it withdraws, and why.
    mutating func kill(_ row: StoreReader.KillRow) {
        beginObject()
        field("source", row.kill.source)
        field("uri", row.kill.uri)
        field("version", row.kill.version)
        field("ed_note", row.kill.editorialNote)
        field("stream", row.position.stream.description)
        field("epoch", row.position.epoch)
        field("seq", row.position.seq)
        field("time", Timestamp(milliseconds: row.position.timeMilliseconds).description)
        endObject()
    }

    /// Writes the members `files`, `articles` and `kills`: the journey of a path or an article's id.
    mutating func journey(of what: String, _ reader: StoreReader) throws {
        var files: [StoreReader.FileRow] = []
        var articles: [StoreReader.ArticleRow] = []
        if let id = ArticleID(what) {
            articles = try reader.articles(id: id)
            files = try articles.flatMap { try reader.files(of: $0) }
        }
        if articles.isEmpty {
            files = try reader.files(path: what)
            articles = try files.reversed().flatMap { try reader.articles(path: $0.path, of: $0) }
            // A file that is still being read has articles before it has an outcome.
            if files.isEmpty { articles = try reader.articles(path: what) }
        }
        array("files", files) { $0.file($1) }
        array("articles", articles) { $0.article($1) }
        try array("kills", kills(of: articles, files, reader)) { $0.kill($1) }
    }

    /// Writes the same members of some articles.
    mutating func journey(of articles: [StoreReader.ArticleRow], _ reader: StoreReader) throws {
        let files = try articles.flatMap { try reader.files(of: $0) }
        array("files", files) { $0.file($1) }
        array("articles", articles) { $0.article($1) }
        try array("kills", kills(of: articles, files, reader)) { $0.kill($1) }
    }

    /// Those that the files brought, and those that withdrew the articles, each once.
    private func kills(
        of articles: [StoreReader.ArticleRow], _ files: [StoreReader.FileRow], _ reader: StoreReader
    ) throws -> [StoreReader.KillRow] {
        var kills = try files.reversed().flatMap { try reader.kills(of: $0) }
        for article in articles where article.standing == .killed {
            guard let uri = article.uri else { continue }
            for kill in try reader.kills(source: article.source, uri: uri)
            where !kills.contains(where: { $0.position == kill.position }) { kills.append(kill) }
        }
        return kills
    }
}

/// Returns whole milliseconds.
func milliseconds(_ duration: Duration) -> Int64 {
    let (seconds, attoseconds) = duration.components
    return seconds * 1000 + attoseconds / 1_000_000_000_000_000
}
