package import Articles

/// The answer to a search.
package struct SearchResults: Sendable, Equatable {
    /// An article that was found.
    package struct Hit: Sendable, Equatable {
        package var id: String
        package var title: String?
        package var source: String
        package var language: String
        package var published: Timestamp?
        /// What its publisher signals, as that it corrects an earlier version.
        package var signals: [String]
        /// Higher is better; comparable within one answer only.
        package var score: Double
        /// The record's place in its stream.
        package var seq: UInt64
        /// How many more articles of its story were found; nil where stories are not put together.
        package var others: Int?
        package var snippet: Snippet
    }

    /// The number of articles that were found, on all pages. Facets count articles, too.
    package var total: Int
    /// The number of stories that they belong to, which is that of hits on all pages; nil where each article is a hit.
    package var stories: Int?
    package var hits: [Hit]
    package var facets: SearchFacets
    /// The cursor of the next page; nil where this is the last one.
    package var next: String?

    /// Returns the answer as one JSON object.
    package func encode() -> [UInt8] {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.field("total", total)
        writer.field("stories", stories)
        writer.key("hits")
        writer.beginArray()
        for hit in hits {
            writer.beginObject()
            writer.field("id", hit.id)
            writer.field("title", hit.title)
            writer.field("source", hit.source)
            writer.field("language", hit.language)
            writer.field("published", hit.published?.description)
            writer.field("signals", hit.signals)
            writer.field("score", hit.score)
            writer.key("snippet")
            writer.beginArray()
            for segment in hit.snippet.segments {
                writer.beginObject()
                writer.field("text", segment.text)
                writer.field("mark", segment.isMarked)
                writer.endObject()
            }
            writer.endArray()
            writer.field("seq", hit.seq)
            writer.field("others", hit.others)
            writer.endObject()
        }
        writer.endArray()
        writer.field("next", next)
        writer.key("facets")
        facets.write(to: &writer)
        writer.endObject()
        return writer.bytes
    }
}

/// How many of the articles that were found have which source, language and day; the most first, days the latest first.
package struct SearchFacets: Sendable, Equatable {
    /// A value and its number of articles.
    package struct Count: Sendable, Equatable {
        package var value: String
        package var count: Int

        package init(value: String, count: Int) {
            self.value = value
            self.count = count
        }
    }

    package var sources: [Count] = []
    package var languages: [Count] = []
    /// Days in UTC with articles, at most 366.
    package var days: [Count] = []

    /// Writes the facets as one JSON object.
    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, counts) in [("source" as StaticString, sources), ("language", languages), ("day", days)] {
            writer.key(name)
            writer.beginArray()
            for count in counts {
                writer.beginObject()
                writer.field("value", count.value)
                writer.field("count", count.count)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }
}
