import XML

/// Finds who wrote a page's article.
struct BylineFinder {
    private(set) var bylines: [String] = []

    private let core: PageCore
    private let map: PageMap
    private let title: Int?
    private let site: Set<[UInt8]>
    private let marks: [(node: Int, rank: Int)]

    init(_ core: PageCore, _ tags: MetaTags, _ linked: LinkedArticle, title: Int?) {
        self.core = core
        map = core.map
        self.title = title
        marks = BylineFinder.marks(core.map)
        let owners = tags.all(.copyright).map { $0.drop { !$0.isLetter } }.map(BylineText.owner)
        site = Set((tags.all(.siteName) + [linked.publisher].compactMap(\.self) + owners).map { TextKey.of($0.utf8) })
        // A page's head often names the publisher, or who made the site, where its text names a person.
        take(linked.authors.filter(BylineText.isPerson), evenSite: linked.hasPersons)
        if bylines.isEmpty { take(tags.best(.author).filter(BylineText.isPerson)) }
        if bylines.isEmpty { take(tags.all(.author).filter(BylineText.isPerson)) }
        for rank in 0...2 where bylines.isEmpty { take(inPage(rank: rank, certainOnly: true)) }
        if bylines.isEmpty { take(inText()) }
        if bylines.isEmpty { take(inPage(rank: 3, certainOnly: true)) }
        let declared = linked.authors + tags.best(.author)
        if bylines.isEmpty { take(declared.filter { !BylineText.isOrganisation($0) }) }
        for rank in 0...3 where bylines.isEmpty { take(inPage(rank: rank)) }
        if bylines.isEmpty { take((declared + tags.all(.author)).filter { !BylineText.isMaker($0) }, evenSite: true) }
        for rank in 0...2 where bylines.isEmpty { take(inPage(rank: rank), evenSite: true) }
    }

    private mutating func take(_ candidates: [String], evenSite: Bool = false) {
        for candidate in candidates {
            for name in BylineText.names(candidate) where !bylines.contains(name) && bylines.count < 20 {
                if evenSite || !site.contains(TextKey.of(name.utf8)) { bylines.append(name) }
            }
        }
    }

    /// The elements that are marked as authors, with how surely: 0 is surest.
    private static func marks(_ map: PageMap) -> [(node: Int, rank: Int)] {
        let wanted: ElementTraits = [.author, .authorProperty, .authorRelation, .profile]
        var marks: [(Int, Int)] = []
        for index in map.body..<map.nodes.count where !map.traits[index].isDisjoint(with: wanted) {
            guard map.weight[index] > 2, map.weight[index] < 100, let name = map.nodes[index].name else { continue }
            let traits = map.traits[index]
            let isInline = name == .a || ElementClass.of(name) == .inline || name == .address
            let rank =
                traits.contains(.authorProperty)
                ? 0 : traits.contains(.authorRelation) ? 1 : traits.contains(.profile) || isInline ? 2 : 3
            marks.append((index, rank))
            if marks.count == 400 { break }
        }
        return marks
    }

    /// The texts of elements that are marked as authors as surely as that.
    ///
    /// Where they must be certain, what does not read like a person's name is taken from beside the headline alone, where
    /// some sign with one word.
    private func inPage(rank: Int, certainOnly: Bool = false) -> [String] {
        var texts: [String] = []
        var end = 0
        for mark in marks where mark.rank == rank && mark.node >= end && !isElsewhere(mark.node) {
            let text = map.plainText(mark.node, limit: 200)
            let names = BylineText.names(text)
            let isNear =
                map.traits[mark.node].contains(.author) && title.map { abs($0 - mark.node) < 60 } ?? false
            guard
                !certainOnly || names.contains(where: BylineText.isPerson)
                    || isNear && names.contains(where: { !BylineText.isOrganisation($0) })
            else { continue }
            texts.append(text)
            if texts.count == 4 || rank > 1 && !names.isEmpty { break }
            end = Int(map.nodes[mark.node].end)
        }
        return texts
    }

    /// Whether an element belongs to something else than the article: to a comment, a teaser, a box beside it.
    private func isElsewhere(_ index: Int) -> Bool {
        if let title, abs(title - index) < 60 { return map.isAside(index, [.comments]) }
        return core.isAside(index)
    }

    /// By a short text near the headline, or in the article, that begins as bylines do.
    private func inText() -> [String] {
        let text = PageText(map, root: map.body, pruning: .lenient)
        let blocks = text.blocks
        let start = blocks.firstIndex { $0.node >= title ?? core.root } ?? 0
        let within = blocks.indices.filter { map.isWithin(blocks[$0].node, core.root) && blocks[$0].weight < 60 }
        var isLabelAlone = false
        // A name stands above a text or below it.
        for index in Array(blocks.indices[start...].prefix(14)) + within.prefix(24) + within.dropFirst(24).suffix(24) {
            let block = blocks[index]
            guard block.weight < 90, !map.isAside(block.element, [.comments, .related]) else { continue }
            // "A talk by the sea" is the headline.
            if let title, map.isWithin(block.node, title) { continue }
            let line = String(decoding: text.text(block), as: UTF8.self)
            if isLabelAlone, let name = BylineText.names(line).first, BylineText.isPerson(name) { return [line] }
            isLabelAlone = BylineText.isLabel(line)
            // "Author: Ann Lee, head of the museum." is no sentence for its full stop.
            let words = text.text(block)
            let ends = words.last == UInt8(ascii: ".") && words.prefix(20).contains(UInt8(ascii: ":"))
            guard BylineText.isLabelled(line), !Sentences.isIn(ends ? words.dropLast() : words) else { continue }
            if let name = BylineText.names(line).first, BylineText.isPerson(name) { return [line] }
        }
        return []
    }
}
