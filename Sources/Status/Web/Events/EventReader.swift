import Articles
import Messaging

/// Makes events of what the store has behind a place.
struct EventReader {
    /// Some events in their order, and the place behind the last of them.
    struct Page {
        var events: [LiveEvent] = []
        var end: EventPosition
    }

    let reader: StoreReader
    /// The longest text of others' that stands in an event, in characters.
    private static let longestText = 400

    /// Reads what stands between two places, at most `limit` rows of each table.
    ///
    /// What is not to be shown is passed over; the place goes past it.
    func page(from start: EventPosition, to end: EventPosition, limit: Int) throws -> Page {
        var page = Page(end: start)
        try kills(&page, end[.kills], limit)
        try articles(&page, end[.articles], limit)
        try files(&page, end[.files], limit)
        try results(&page, end[.results], limit)
        return page
    }

    private func kills(_ page: inout Page, _ last: Int64, _ limit: Int) throws {
        let kills = try reader.kills(behind: page.end[.kills], upTo: last, limit: limit)
        for (row, kill) in kills {
            page.end[.kills] = row
            let data = EventReader.object { writer in
                writer.field("source", kill.kill.source)
                writer.field("uri", kill.kill.uri)
                writer.field("time", Timestamp(milliseconds: kill.position.timeMilliseconds).description)
            }
            page.events.append(.init(.kill, .kills, at: page.end, source: kill.kill.source, data: data))
        }
        if kills.count < limit { page.end[.kills] = last }
    }

    private func articles(_ page: inout Page, _ last: Int64, _ limit: Int) throws {
        let articles = try reader.articles(behind: page.end[.articles], upTo: last, limit: limit)
        for article in articles {
            page.end[.articles] = article.row
            guard article.standing == .current else { continue }
            var writer = JSONWriter(capacity: 1024)
            StatusSnapshot.Card(article).write(to: &writer)
            page.events.append(.init(.article, .articles, at: page.end, source: article.source, data: writer.bytes))
        }
        if articles.count < limit { page.end[.articles] = last }
    }

    private func files(_ page: inout Page, _ last: Int64, _ limit: Int) throws {
        let files = try reader.files(behind: page.end[.files], upTo: last, limit: limit)
        for (row, time, file) in files {
            page.end[.files] = row
            let data = EventReader.object { writer in
                writer.field("time", Timestamp(milliseconds: time).description)
                writer.field("source", file.source)
                writer.field("directory", file.directory)
                writer.field("path", file.path)
                writer.field("outcome", file.outcome.rawValue)
                writer.field("code", file.code)
                writer.field("message", file.message.map { String($0.prefix(EventReader.longestText)) })
                writer.field("bytes", file.bytes)
                writer.field("articles", file.articles)
                writer.field("failed_parts", file.failedParts)
            }
            page.events.append(.init(.file, .files, at: page.end, source: file.source, data: data))
        }
        if files.count < limit { page.end[.files] = last }
    }

    private func results(_ page: inout Page, _ last: Int64, _ limit: Int) throws {
        let results = try reader.results(behind: page.end[.results], upTo: last, limit: limit)
        for (seq, result) in results {
            page.end[.results] = seq
            guard let result, let stream = StreamID(result.stream) else { continue }
            let article = try reader.article(stream: stream, epoch: result.epoch, seq: result.seq)
            func text(_ name: String) -> String? {
                result.data[name]?.stringValue.map { String($0.prefix(EventReader.longestText)) }
            }
            let data = EventReader.object { writer in
                writer.field("kind", result.kind)
                writer.field("status", result.status.rawValue)
                writer.field("gen", result.generation)
                writer.field("attempt", result.attempt)
                writer.field("time", Timestamp(milliseconds: result.timeMilliseconds).description)
                writer.field("stream", result.stream)
                writer.field("epoch", result.epoch)
                writer.field("seq", result.seq)
                writer.field("verdict", text("verdict"))
                writer.field("reason", text("reason"))
                if result.data["dead"] == .boolean(true) { writer.field("dead", true) }
                guard let article, article.standing == .current else { return }
                // As it stands now, with all that was found of it.
                writer.key("article")
                StatusSnapshot.Card(article).write(to: &writer)
            }
            page.events.append(
                .init(.result, .results, at: page.end, source: article?.source, kind: result.kind, data: data))
        }
        if results.count < limit { page.end[.results] = last }
    }

    /// Goes on to what is near the end where more has come in than is told one by one, and says so.
    func skipping(from start: EventPosition, to end: EventPosition, most: Int64) -> Page {
        var page = Page(end: start)
        for table in EventPosition.Table.allCases where end[table] - page.end[table] > most {
            let count = end[table] - most - page.end[table]
            page.end[table] = end[table] - most
            let data = EventReader.object { writer in
                // Rows count arrivals; not every one is told of.
                writer.field("of", table.word)
                writer.field("at_most", count)
            }
            page.events.append(.init(.skipped, table, at: page.end, data: data))
        }
        return page
    }

    private static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        body(&writer)
        writer.endObject()
        return writer.bytes
    }
}

extension EventPosition.Table {
    /// What the table has, in the words of the API.
    var word: String { "\(self)" }
}
