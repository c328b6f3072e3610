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
            if keeps(block, at: index) { chosen.append(index) }
        }
        dropEmptyHeadings()
        trimEnds()
        dropLooseHeadings()
        addLead()
    }

    private func keeps(_ block: Block, at index: Int) -> Bool {
        if isTitle(block) { return false }
        if links == .dropped, block.linkDensity > 0.5, block.weight < 200, !isAmongText(block, at: index) {
            return false
        }
        return !isPhrase(block)
    }

    /// Whether a block that is mostly a link is an item of a list, or a cell of a table, that is mostly text; or a heading over
    /// text.
    private func isAmongText(_ block: Block, at index: Int) -> Bool {
        switch block.kind {
        case .item, .cell, .term:
            var above = block.element
            for _ in 0..<4 where above > core.root {
                if let name = map.nodes[above].name, name == .ul || name == .ol || name == .table || name == .dl {
                    return map.linkDensity(above) < 0.5
                }
                above = Int(map.nodes[above].parent)
            }
            return false
        case .heading:
            return index + 1 < blocks.count && core.masses.blocks[index + 1] >= 40
        default: return false
        }
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

    /// Drops what is no text before the first and behind the last of the article's sentences: dates, names, labels.
    private mutating func trimEnds() {
        let prose = chosen.indices.filter { core.masses.blocks[chosen[$0]] >= 40 }
        guard let first = prose.first, let last = prose.last,
            prose.reduce(0, { $0 + Int(core.masses.blocks[chosen[$1]]) }) > 300
        else { return }
        chosen = chosen.indices.filter { at in
            let block = blocks[chosen[at]]
            if at < first {
                return block.weight >= 25 && block.linkDensity < 0.3 && Sentences.isIn(core.text.text(block))
                    || hasLeadTrait(block.element) || block.kind == .cell || block.kind == .item
                    || block.isHeading && at + 1 == first
            }
            if at > last {
                return block.linkDensity < 0.3 || block.weight >= 60 || block.kind == .item || block.isHeading
            }
            return true
        }.map { chosen[$0] }
    }

    /// Drops headings of which all that stood below was dropped.
    private mutating func dropEmptyHeadings() {
        chosen = chosen.indices.filter { at in
            guard case .heading(let level) = blocks[chosen[at]].kind, at + 1 < chosen.count else { return true }
            let next = chosen[at + 1]
            guard next > chosen[at] + 1, case .heading(let other) = blocks[next].kind else { return true }
            return other > level
        }.map { chosen[$0] }
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
