import XML

/// Finds who wrote a page's article.
struct BylineFinder {
    private(set) var bylines: [String] = []

    private let core: PageCore
    private let map: PageMap
    private let title: Int?
    private let site: Set<[UInt8]>

    init(_ core: PageCore, _ tags: MetaTags, _ linked: LinkedArticle, title: Int?) {
        self.core = core
        map = core.map
        self.title = title
        site = Set((tags.all(.siteName) + [linked.publisher].compactMap(\.self)).map { TextKey.of($0.utf8) })
        // A page's head often names the publisher, or who made the site, where its text names a person.
        let declared = linked.authors + tags.best(.author)
        take(linked.authors.filter { !BylineText.isOrganisation($0) }, evenSite: linked.hasPersons)
        if bylines.isEmpty { take(tags.best(.author).filter { !BylineText.isOrganisation($0) }) }
        for rank in 0...4 where bylines.isEmpty { take(inPage(rank: rank)) }
        if bylines.isEmpty { take(inText()) }
        if bylines.isEmpty { take(declared + tags.all(.author), evenSite: true) }
    }

    private mutating func take(_ candidates: [String], evenSite: Bool = false) {
        for candidate in candidates {
            for name in BylineText.names(candidate) where !bylines.contains(name) && bylines.count < 20 {
                if evenSite || !site.contains(TextKey.of(name.utf8)) { bylines.append(name) }
            }
        }
    }

    /// By elements that are marked as authors, the surest kind first.
    private func inPage(rank wanted: Int) -> [String] {
        var names: [String] = []
        var index = map.body
        while index < map.nodes.count {
            guard let name = map.nodes[index].name, rank(index, name) == wanted, map.weight[index] > 2,
                map.weight[index] < 100, !isElsewhere(index)
            else {
                index += 1
                continue
            }
            names.append(map.plainText(index, limit: 200))
            if names.count == 4 || wanted > 1 && !BylineText.names(names[names.count - 1]).isEmpty { break }
            index = Int(map.nodes[index].end)
        }
        return names
    }

    /// Whether an element belongs to something else than the article: to a comment, a teaser, a box beside it.
    private func isElsewhere(_ index: Int) -> Bool {
        if let title, abs(title - index) < 60 { return map.isAside(index, [.comments]) }
        return map.isAside(index)
    }

    private func rank(_ index: Int, _ name: HTMLName) -> Int? {
        for attribute in [HTMLName.itemprop, .property] {
            if let property = map.tree.value(of: attribute, at: index),
                map.tree.bytes[property].contains(sequence: "author")
            {
                return 0
            }
        }
        if name == .a {
            if let relation = map.tree.value(of: .rel, at: index), map.tree.bytes[relation].contains(sequence: "author")
            {
                return 1
            }
            if let address = map.tree.value(of: .href, at: index), BylineFinder.isProfile(map.tree.bytes[address]) {
                return 2
            }
        }
        guard map.traits[index].contains(.author), name != .img, name != .body, name != .article else { return nil }
        return name == .a || name == .span || name == .address || name == .cite || name == .strong || name == .b ? 2 : 3
    }

    /// Whether an address is that of a person's own page.
    private static func isProfile(_ address: ArraySlice<UInt8>) -> Bool {
        let words: [StaticString] = [
            "/author/", "/authors/", "/autor/", "/autoren/", "/auteur", "/autori/", "/people/", "/journalist",
            "/staff/", "/redakteur", "/writer", "/contributor", "/by/",
        ]
        return words.contains { address.contains(sequence: $0) }
    }

    /// By a short text near the headline, or in the article, that begins as bylines do.
    private func inText() -> [String] {
        let text = PageText(map, root: map.body, pruning: .lenient)
        let start = text.blocks.firstIndex { $0.node >= title ?? core.root } ?? 0
        let near = text.blocks[start...].prefix(12)
        let within = text.blocks.filter { map.isWithin($0.node, core.root) && $0.weight < 60 }
        for block in Array(near) + within where block.weight < 90 && !map.isAside(block.element, [.comments, .related])
        {
            let line = String(decoding: text.text(block), as: UTF8.self)
            guard BylineText.isLabelled(line), !Sentences.isIn(text.text(block)) else { continue }
            if let name = BylineText.names(line).first, BylineText.isPerson(name) { return [line] }
        }
        return []
    }
}
