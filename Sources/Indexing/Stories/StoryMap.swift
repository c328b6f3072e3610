import SQLite

/// Which documents belong to one story, held in memory by document number: 4 bytes each, and about 100 for each article
/// that is linked with another.
///
/// Links are only ever added, unless work is done again: then all are read anew.
struct StoryMap {
    /// An article's id as a number.
    private struct Key: Hashable {
        let high: UInt64
        let low: UInt64

        /// Reads 32 hexadecimal digits; nil for anything else.
        init?(_ text: UnsafeRawBufferPointer) {
            guard text.count == 32 else { return nil }
            var halves: (UInt64, UInt64) = (0, 0)
            for index in 0..<32 {
                let digit: UInt64
                switch text[index] {
                case 0x30...0x39: digit = UInt64(text[index] - 0x30)
                case 0x61...0x66: digit = UInt64(text[index] - 0x57)
                default: return nil
                }
                if index < 16 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
            }
            (high, low) = halves
        }
    }

    /// By document, the number of its story from 1; 0 where it is alone.
    private(set) var stories: [UInt32] = []

    private var nodes: [Key: UInt32] = [:]
    private var parents: [UInt32] = []
    /// The documents whose articles are linked.
    private var linked: [(document: UInt32, node: UInt32)] = []
    /// Articles that came into links since: those of their documents that were read before are to be looked up.
    private var unplaced: [(id: String, node: UInt32)] = []
    private var lastLink: Int64 = 0
    private var revision: Int64 = 0
    private var isChanged = false

    /// Reads the links that came since the last time, and looks up the documents of what they link that were read before.
    /// Behind it come ``add(_:_:document:)`` for each new document, and ``settle(end:)``.
    ///
    /// - Parameters:
    ///   - links: the store's database; nil where there is none.
    ///   - index: in the caller's snapshot.
    ///   - end: one more than the number of the last document that was read.
    mutating func refresh(links: Connection?, _ index: Connection, end: Int) throws {
        if let links { try links.snapshot { try readLinks(links) } }
        if end == 0 { unplaced.removeAll() }
        while let (id, node) = unplaced.last {
            try index.statement("SELECT number FROM document WHERE \(IndexSchema.holdsContent) AND number<?3")
                .bind(1, ArticleIndex.hash(id)).bind(2, id).bind(3, end)
                .forEachRow { linked.append((UInt32(clamping: $0.int64(0)), node)) }
            unplaced.removeLast()
        }
    }

    /// Takes in a document whose article's id stands in a column of a row.
    mutating func add(_ row: Statement, _ column: Int, document: Int) {
        guard !nodes.isEmpty, let key = row.withBytes(column, { Key($0) }), let node = nodes[key] else { return }
        linked.append((UInt32(clamping: document), node))
        isChanged = true
    }

    /// Says of each document up to an end which story it belongs to.
    mutating func settle(end: Int) {
        if stories.count < end { stories.append(contentsOf: repeatElement(0, count: end - stories.count)) }
        guard isChanged else { return }
        for (document, node) in linked { stories[Int(document)] = root(node) + 1 }
        isChanged = false
    }

    private mutating func readLinks(_ links: Connection) throws {
        let current = try links.scalar("SELECT revision FROM story_revision") ?? 0
        if current != revision {
            self = StoryMap()
            revision = current
        }
        let query = try links.statement("SELECT number, article, story FROM story_link WHERE number>? ORDER BY number")
            .bind(1, lastLink)
        try query.forEachRow { row in
            lastLink = row.int64(0)
            isChanged = true
            guard let first = node(row, 1), let second = node(row, 2) else { return }
            let (one, other) = (root(first), root(second))
            // The smaller number stays, so that a story keeps its own as long as can be.
            parents[Int(max(one, other))] = min(one, other)
        }
    }

    private mutating func node(_ row: Statement, _ column: Int) -> UInt32? {
        guard let key = row.withBytes(column, { Key($0) }) else { return nil }
        if let known = nodes[key] { return known }
        let made = UInt32(parents.count)
        parents.append(made)
        nodes[key] = made
        unplaced.append((row.string(column), made))
        return made
    }

    private mutating func root(_ node: UInt32) -> UInt32 {
        var node = node
        while parents[Int(node)] != node {
            parents[Int(node)] = parents[Int(parents[Int(node)])]
            node = parents[Int(node)]
        }
        return node
    }

    /// Returns the story of an article from 1; 0 where it is not linked.
    func story(ofID id: String) -> UInt32 {
        var id = id
        guard let key = id.withUTF8({ Key(UnsafeRawBufferPointer($0)) }), var node = nodes[key] else { return 0 }
        while parents[Int(node)] != node { node = parents[Int(node)] }
        return node + 1
    }
}
