import XML

/// Chooses, of a page's blocks, those that are its article.
struct BlockFilter {
    /// What becomes of blocks that are mostly links.
    enum Links {
        case dropped, kept
    }

    private let core: PageCore
    private let links: Links
    private let map: PageMap
    private let blocks: [Block]
    private let titles: [[UInt8]]
    private let description: [UInt8]
    /// The blocks that were chosen, by index in ``PageText/blocks``.
    private(set) var chosen: [Int] = []

    /// How much text the chosen blocks have.
    var weight: Int { chosen.reduce(0) { $0 + Int(blocks[$1].weight) } }

    /// Chooses; `titles` and `description` are what the page's head says, as ``TextKey``.
    init(_ core: PageCore, titles: [[UInt8]], description: [UInt8], links: Links = .dropped) {
        self.links = links
        self.core = core
        map = core.map
        blocks = core.text.blocks
        self.titles = titles
        self.description = description
        choose()
    }

    private mutating func choose() {
        for (index, block) in blocks.enumerated() where map.isWithin(block.node, core.root) {
            if keeps(block) { chosen.append(index) }
        }
        dropLooseHeadings()
        addLead()
    }

    private func keeps(_ block: Block) -> Bool {
        if isTitle(block) { return false }
        if links == .dropped, block.linkDensity > 0.5, block.weight < 200 { return false }
        return !isPhrase(block)
    }

    /// Whether a short block says what is no part of any article.
    private func isPhrase(_ block: Block) -> Bool {
        guard block.weight < 220 else { return false }
        let phrases = BlockPhrases.of(core.text.text(block))
        guard !phrases.isEmpty else { return false }
        if phrases.contains(.site) { return true }
        if phrases.contains(.credit) { return block.weight < 120 }
        if phrases.contains(.pointer) { return block.weight < 140 || block.linkWeight > 0 }
        return block.weight < 80
    }

    private func isTitle(_ block: Block) -> Bool {
        guard block.weight < 300 else { return false }
        let key = TextKey.of(core.text.text(block))
        return titles.contains { $0 == key }
    }

    /// Drops headings behind which nothing stands.
    private mutating func dropLooseHeadings() {
        while let last = chosen.last, blocks[last].isHeading { chosen.removeLast() }
    }

    // MARK: The lead

    /// Adds what introduces the article and stands between its headline and the element that holds the rest.
    private mutating func addLead() {
        guard let first = chosen.first else { return }
        let headline = (max(0, first - 30)..<first).reversed().first {
            blocks[$0].kind == .heading(1) || isTitle(blocks[$0])
        }
        var lead: [Int] = []
        for index in max(0, first - 15, (headline ?? -1) + 1)..<first where !map.isWithin(blocks[index].node, core.root)
        {
            if isLead(blocks[index], isBelowHeadline: headline != nil) { lead.append(index) }
        }
        chosen.insert(contentsOf: lead, at: 0)
    }

    private func isLead(_ block: Block, isBelowHeadline: Bool) -> Bool {
        guard block.weight >= 25, block.linkDensity < 0.4, !isTitle(block) else { return false }
        let text = core.text.text(block)
        let key = TextKey.of(text)
        // What the page's head says of the article often is its lead.
        let shared = min(40, key.count, description.count)
        if shared >= 25, key.prefix(shared) == description.prefix(shared) { return true }
        guard isBelowHeadline else { return false }
        if hasLeadTrait(block.element) { return true }
        return block.weight >= 60 && Sentences.isIn(text) && block.linkDensity < 0.3
    }

    private func hasLeadTrait(_ element: Int) -> Bool {
        var above = element
        for _ in 0..<3 where above > map.body {
            if map.traits[above].contains(.lead) { return true }
            above = Int(map.nodes[above].parent)
        }
        return false
    }
}
