import SQLite

/// What filters, ranking, sorting and facets need to know of every document, held in memory by document number: about
/// 24 bytes each, so that no match pays a look-up in a B-tree.
///
/// A row of `document` changes only in its state, and the index alone says what is found; so what was read stays true,
/// and only what came since has to be read.
struct DocumentColumns {
    private(set) var words: [UInt32] = []
    private(set) var dates: [Int64] = []
    private(set) var sources: [UInt32] = []
    private(set) var languages: [UInt32] = []
    /// The number of each document's section, 0 where it has none.
    private(set) var sections: [UInt32] = []
    /// The numbers of all documents that were read, and their words: the mean length.
    private(set) var count = 0
    private(set) var totalWords = 0
    /// The names of sources, languages and sections by their numbers.
    private(set) var names: [Int64: String] = [:]
    private(set) var languageNumbers: Set<UInt32> = []
    /// The highest number of a name.
    private(set) var lastName: UInt32 = 0
    /// The stories that documents belong to.
    private(set) var stories = StoryMap()

    /// One more than the highest document number.
    var end: Int { words.count }
    /// The mean number of words in a document.
    var meanWords: Float { count == 0 ? 1 : max(1, Float(totalWords) / Float(count)) }

    /// Reads what came since the last time, within the caller's snapshot.
    ///
    /// - Parameter links: the database of the stories' links; nil where there is none.
    mutating func refresh(_ connection: Connection, links: Connection?) throws {
        try stories.refresh(links: links, connection, end: end)
        let query = try connection.statement(
            "SELECT number, words, date_ms, source, language, section, id FROM document WHERE number >= ? ORDER BY number"
        ).bind(1, end)
        defer { query.reset() }
        var hasNewName = false
        while try query.step() {
            let number = query.int(0)
            // Numbers of documents that are gone leave holes.
            let holes = number - end
            if holes > 0 {
                words.append(contentsOf: repeatElement(0, count: holes))
                dates.append(contentsOf: repeatElement(0, count: holes))
                sources.append(contentsOf: repeatElement(0, count: holes))
                languages.append(contentsOf: repeatElement(0, count: holes))
                sections.append(contentsOf: repeatElement(0, count: holes))
            }
            words.append(UInt32(clamping: query.int64(1)))
            dates.append(query.int64(2))
            sources.append(UInt32(clamping: query.int64(3)))
            languages.append(UInt32(clamping: query.int64(4)))
            sections.append(UInt32(clamping: query.int64(5)))
            languageNumbers.insert(UInt32(clamping: query.int64(4)))
            let hasSection = query.int64(5) != 0
            if names[query.int64(3)] == nil || names[query.int64(4)] == nil
                || hasSection && names[query.int64(5)] == nil
            {
                hasNewName = true
            }
            if query.int64(1) > 0 {
                count += 1
                totalWords += query.int(1)
            }
            stories.add(query, 6, document: number)
        }
        stories.settle(end: end)
        guard hasNewName else { return }
        try connection.statement("SELECT number, name FROM index_name").forEachRow { row in
            names[row.int64(0)] = row.string(1)
            lastName = max(lastName, UInt32(clamping: row.int64(0)))
        }
    }
}
