import XML

/// Finds when a page's article was published and updated.
struct DateFinder {
    /// A date and the text that it was read from.
    struct Found {
        var date: WrittenDate
        var raw: String
    }

    private(set) var published: Found?
    private(set) var updated: Found?

    private let core: PageCore
    private let map: PageMap
    private let title: Int?
    private let language: String

    init(
        _ core: PageCore, _ tags: MetaTags, _ linked: LinkedArticle, title: Int?, url: String?, language: String
    ) {
        self.core = core
        map = core.map
        self.title = title
        self.language = language
        updated = read(linked.updated) ?? first(tags.all(.updated))
        // What pages call their "date" is often when they were made up, so that a reader's date beside the headline is surer.
        published = read(linked.published) ?? first(tags.all(.published)) ?? inPage()
        if published == nil {
            let text = PageText(map, root: map.body, pruning: .lenient)
            published =
                nearHeadline(text) ?? first(tags.all(.dated)) ?? inAddress(url) ?? inText(text)
                ?? first(linked.otherDates)
        }
        published = published ?? updated ?? first([tags.documentTitle, tags.first(.description)].compactMap(\.self))
    }

    private func first(_ texts: [String]) -> Found? { texts.lazy.compactMap { read($0) }.first }

    private func read(_ text: String?) -> Found? {
        guard let text, text.utf8.contains(where: \.isDigit) || text.unicodeScalars.contains(where: { $0.value > 0x7f })
        else { return nil }
        return DateReader.date(in: text, language: language).flatMap { date in
            (1990...2100).contains(date.year) ? Found(date: date, raw: String(text.prefix(100))) : nil
        }
    }

    /// By elements that are marked as dates, the surest kind first and of each the first in the page.
    private func inPage() -> Found? {
        var best: (rank: Int, found: Found)?
        var rest = DateFinder.markLimit
        for index in map.body..<map.nodes.count {
            guard let name = map.nodes[index].name, let rank = rank(index, name), rank < best?.rank ?? 9 else {
                continue
            }
            rest -= 1
            if rest < 0 { break }
            let attributes = [HTMLName.datetime, .content, .title].lazy.compactMap {
                map.tree.string(of: $0, at: index)
            }
            if let found = attributes.compactMap({ read(VisibleText.clean($0)) }).first
                ?? read(map.plainText(index, limit: 200))
            {
                best = (rank, found)
                if rank == 0 { break }
            }
        }
        return best?.found
    }

    /// How many elements that are marked as dates are read; no page that was made for readers has more above its date.
    static let markLimit = 1000

    private func rank(_ index: Int, _ name: HTMLName) -> Int? {
        let traits = map.traits[index]
        if traits.contains(.dateProperty) { return map.isAside(index, [.comments, .related]) ? nil : 0 }
        guard name == .time || traits.contains(.date), name != .input else { return nil }
        guard map.weight[index] < 120 else { return nil }
        let isNear = title.map { abs($0 - index) < 60 } ?? false
        guard !map.isAside(index) || isNear && !map.isAside(index, [.comments, .related]) else { return nil }
        let isLate = traits.contains(.updated)
        if name == .time {
            let isMarked = traits.contains(.date) || map.tree.value(of: .pubdate, at: index) != nil
            return (isMarked ? 1 : 3) + (isLate ? 3 : 0) - (isNear && !isLate ? 1 : 0)
        }
        return (isNear ? 4 : 5) + (isLate ? 2 : 0)
    }

    private func inAddress(_ url: String?) -> Found? {
        url.flatMap { AddressDate.date(in: $0, language: language) }.map { Found(date: $0.date, raw: $0.raw) }
    }

    /// By the first short text with a date near the headline.
    private func nearHeadline(_ text: PageText) -> Found? {
        let start = text.blocks.firstIndex { $0.node >= title ?? core.root } ?? 0
        let near = Array(text.blocks[start...].prefix(12)) + Array(text.blocks[..<start].suffix(6).reversed())
        // What follows a headline at once is its own, even where the headline is styled as a teaser's.
        let behind = title.map { Int(map.nodes[$0].end) } ?? 0
        for block in near where block.weight < 120 {
            let isOwn = behind > 0 && (0..<8).contains(block.node - behind)
            guard !map.isAside(block.element, isOwn ? .comments : [.comments, .related]) else { continue }
            if let found = read(String(decoding: text.text(block).prefix(200), as: UTF8.self)) { return found }
        }
        return nil
    }

    /// By a dateline, or a short text anywhere.
    private func inText(_ text: PageText) -> Found? {
        // A dateline: "Karlsruhe, 12.11.2021. …"
        if let first = text.blocks.first(where: {
            core.masses.nodes[$0.element] > 0 && map.isWithin($0.node, core.root) && $0.weight >= 60
        }),
            let found = read(String(decoding: text.text(first).prefix(60), as: UTF8.self))
        {
            return found
        }
        let short = text.blocks.filter { $0.weight < 60 }
        for block in Array(short.prefix(100)) + short.dropFirst(100).suffix(50)
        where !map.isAside(block.element, [.comments, .related, .advertising]) {
            if let found = read(String(decoding: text.text(block), as: UTF8.self)) { return found }
        }
        return nil
    }
}
