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
        published = read(linked.published) ?? first(tags.all(.published))
        if published == nil {
            let marked = inPage()
            if let marked, marked.rank < DateFinder.far {
                published = marked.found
            } else {
                let text = PageText(map, root: map.body, pruning: .lenient)
                published =
                    surer(nearHeadline(text, isAnyMarked: marked != nil), marked?.found) ?? first(tags.all(.dated))
                    ?? inAddress(url) ?? inOwnTeaser() ?? inText(text) ?? first(linked.otherDates)
                    ?? inCopyright()
            }
        }
        published = published ?? updated ?? first([tags.documentTitle, tags.first(.description)].compactMap(\.self))
    }

    /// The date near the headline, with the time of day where the marked one is of the same day and says it.
    private func surer(_ near: Found?, _ marked: Found?) -> Found? {
        guard let near, let marked else { return near ?? marked }
        let isSameDay =
            (near.date.year, near.date.month, near.date.day)
            == (marked.date.year, marked.date.month, marked.date.day)
        return isSameDay && near.date.time == nil ? marked : near
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
    private func inPage() -> (rank: Int, found: Found)? {
        var best: (rank: Int, found: Found)?
        var rest = DateFinder.markLimit
        for index in map.body..<map.nodes.count {
            guard let name = map.nodes[index].name, let rank = rank(index, name), rank < best?.rank ?? Int.max else {
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
        return best
    }

    /// How many elements that are marked as dates are read; no page that was made for readers has more above its date.
    static let markLimit = 1000

    /// From this rank on what is near the headline is surer.
    private static let far = 6

    /// How sure an element's date is, 0 surest; nil where it is none of the article's.
    private func rank(_ index: Int, _ name: HTMLName) -> Int? {
        let traits = map.traits[index]
        let isNear = title.map { abs($0 - index) < 60 } ?? false
        if traits.contains(.dateProperty) {
            // What a headline's line holds is the article's, whatever the line is called.
            return map.isAside(index, [.comments, .related]) ? isNear ? 1 : nil : 0
        }
        guard name == .time || traits.contains(.date), name != .input else { return nil }
        guard map.weight[index] < 120 else { return nil }
        guard
            !map.isAside(index) || isNear && !map.isAside(index, [.comments, .related]) || name == .time && isOwn(index)
        else { return nil }
        let isLate = traits.contains(.updated) || saysUpdated(before: index)
        if name == .time {
            let isMarked = traits.contains(.date) || map.tree.value(of: .pubdate, at: index) != nil
            return (isMarked ? 1 : 2) + (isNear && !isLate ? 0 : 2) + (isLate ? 1 : 0)
        }
        return (isNear ? 5 : DateFinder.far) + (isLate ? 2 : 0)
    }

    /// Whether an element stands in the article's own footer.
    private func isOwn(_ index: Int) -> Bool {
        map.isWithin(index, core.root) && !core.isAside(index)
    }

    /// Whether the text at whose end an element stands calls it the date of a later version.
    private func saysUpdated(before index: Int) -> Bool {
        for above in stride(from: index - 1, to: max(map.body, index - 5), by: -1) {
            if map.nodes[above].name == .time { return false }
            guard map.nodes[above].isText else { continue }
            let text = map.tree.bytes[map.nodes[above].text].suffix(40)
            if text.contains(where: { !$0.isSpace }) { return DateFinder.saysUpdated(text) }
        }
        return false
    }

    private static func saysUpdated(_ text: ArraySlice<UInt8>) -> Bool {
        let text = String(decoding: text, as: UTF8.self).lowercased()
        return updateWords.contains { text.contains($0) }
    }

    private static let updateWords = [
        "updat", "modified", "revised", "edited", "aktualisier", "geändert", "mis à jour", "modifié", "actualiz",
        "modificad", "aggiornat", "modificat", "bijgewerkt", "oppdater", "uppdater", "opdater", "päivitet", "zaktualiz",
        "обновлен", "изменен", "оновлен", "güncelle", "更新", "수정",
    ]

    private func inAddress(_ url: String?) -> Found? {
        url.flatMap { AddressDate.date(in: $0, language: language) }.map { Found(date: $0.date, raw: $0.raw) }
    }

    /// By the first short text with a date near the headline; where others are marked, by one at the headline.
    private func nearHeadline(_ text: PageText, isAnyMarked: Bool) -> Found? {
        let start = text.blocks.firstIndex { $0.node >= title ?? core.root } ?? 0
        let near =
            isAnyMarked
            ? Array(text.blocks[start...].prefix(6))
            : Array(text.blocks[start...].prefix(12)) + Array(text.blocks[..<start].suffix(6).reversed())
        // What follows a headline at once is its own, even where the headline is styled as a teaser's.
        let behind = title.map { Int(map.nodes[$0].end) } ?? 0
        var later: Found?
        for block in near where block.weight < 120 && !(isAnyMarked && block.kind == .cell) {
            let isOwn = behind > 0 && (0..<8).contains(block.node - behind)
            guard !map.isAside(block.element, isOwn ? .comments : [.comments, .related]) else { continue }
            // A subheading begins with its date, or tells of one.
            let isHeading = if case .heading = block.kind { block.node >= behind } else { false }
            let line = text.text(block).prefix(200)
            guard DateFinder.copyright(line) == nil,
                !isHeading || read(String(decoding: line.prefix(24), as: UTF8.self)) != nil,
                let found = read(String(decoding: line, as: UTF8.self))
            else { continue }
            if !DateFinder.saysUpdated(line.prefix(60)) { return found }
            later = later ?? found
        }
        return later
    }

    /// By the page's own entry in a list of the newest pages: another heading with the words of the title.
    private func inOwnTeaser() -> Found? {
        guard let title else { return nil }
        let key = TextKey.of(map.plainText(title, limit: 300).utf8)
        guard key.count >= 12 else { return nil }
        var rest = 100
        for index in Int(map.nodes[title].end)..<map.nodes.count where rest > 0 {
            guard let name = map.nodes[index].name, [.h2, .h3, .h4, .h5].contains(name) else { continue }
            rest -= 1
            let entry = Int(map.nodes[index].parent)
            guard map.weight[index] < 300, map.weight[entry] < 500, !map.isWithin(title, entry),
                TextKey.of(map.plainText(index, limit: 300).utf8) == key
            else { continue }
            if let found = read(map.plainText(entry, limit: 200)) { return found }
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
        where !map.isAside(block.element, [.comments, .related, .advertising])
            && DateFinder.copyright(text.text(block)) == nil
        {
            if let found = read(String(decoding: text.text(block), as: UTF8.self)) { return found }
        }
        return nil
    }

    /// By what follows a copyright's sign at once: `© 3 March 2021 Island News`; the end of a span of years is the day on
    /// which the page was made up.
    private func inCopyright() -> Found? {
        for index in map.nodes.indices.suffix(1000).reversed() where map.nodes[index].isText {
            guard let line = DateFinder.copyright(map.tree.bytes[map.nodes[index].text]) else { continue }
            if let found = read(String(decoding: line.prefix(16), as: UTF8.self)) { return found }
        }
        return nil
    }

    /// What follows the sign of a copyright; nil where a line does not begin with one.
    private static func copyright(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = line.drop { $0.isSpace }
        var isSigned = false
        while let sign = copyrightSigns.first(where: { sign in
            rest.count >= sign.count && zip(rest, sign).allSatisfy { $0.lowercased == $1 }
        }) {
            rest = rest.dropFirst(sign.count).drop { $0.isSpace }
            isSigned = true
        }
        return isSigned ? rest : nil
    }

    private static let copyrightSigns: [[UInt8]] = ["copyright", "(c)", "©"].map { Array($0.utf8) }
}
