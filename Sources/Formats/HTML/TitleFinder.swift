import XML

/// Chooses the title of a page among what its headings, metadata and JSON-LD say.
struct TitleFinder {
    /// The title as a reader sees it; nil where there is none.
    private(set) var title: String?
    /// The heading that it stands in, by node.
    private(set) var node: Int?
    /// Everything that the page calls its title, as ``TextKey``: none of it belongs to the body.
    private(set) var keys: [[UInt8]] = []

    private let core: PageCore
    private let site: [UInt8]
    /// What the page's head declares, and the parts of it that name the article rather than the site.
    private let declared: [Declared]

    /// A title that the page's head declares.
    private struct Declared {
        var words: [UInt64]
        var whole: [UInt8]
        /// Without the site's name.
        var part: [UInt8]
        /// What signs part in it, where it is the title of the document.
        var segments: [[UInt8]]
        var isDocument: Bool
    }

    init(_ core: PageCore, _ tags: MetaTags, _ linked: LinkedArticle) {
        self.core = core
        let titles = [linked.headline, tags.first(.title)].compactMap(\.self)
        let siteName = (tags.first(.siteName) ?? linked.publisher).flatMap { name in
            // Some pages call the site by the headline.
            TextKey.words(name.utf8).count >= 5 && titles.contains(name) ? nil : name
        }
        site = TextKey.of((siteName ?? "").utf8)
        // Only the title of the document has the site's name as a rule; from the others it goes where it is known.
        let texts = [(linked.headline, false), (tags.first(.title), false), (tags.documentTitle, true)]
            .compactMap { text, hasSite in text.map { (text: $0, hasSite: hasSite) } }.filter { !$0.text.isEmpty }
        var headings = TitleFinder.headings(core, byClass: false)
        // The parts of a declared title that are the site's name: what it calls itself, what its address says, and what its
        // banner reads on every page.
        var siteNames = [siteName].compactMap(\.self)
        if let host = tags.first(.url).flatMap({ WebAddress.host(of: $0) }) {
            siteNames.append(host)
            siteNames += host.split(separator: ".").dropLast().filter { $0.count >= 4 }.map(String.init)
        }
        siteNames += headings.filter { core.map.isAside($0.node) }.map(\.text)
        let names = siteNames.map { TextKey.of($0.utf8) }
        let parts = texts.map { VisibleText.clean(SiteName.removed(from: $0.text, names, guessing: $0.hasSite)) }
        declared = zip(texts, parts).map { text, part in
            Declared(
                words: TextKey.words(text.text.utf8), whole: TextKey.of(text.text.utf8), part: TextKey.of(part.utf8),
                segments: text.hasSite ? SiteName.segments(of: part).map { TextKey.of($0) } : [],
                isDocument: text.hasSite)
        }
        var best = best(of: headings)
        if best?.score ?? 0 < 4 {
            // Some pages have their headline in an element that only its class tells.
            headings = TitleFinder.headings(core, byClass: true)
            best = self.best(of: headings)
        }
        if let best, best.score >= 4 {
            title = TitleFinder.completed(headings[best.at].text, by: zip(texts, parts).map { ($1, $0.hasSite) })
            node = headings[best.at].node
        } else {
            let usable = parts.filter { !$0.isEmpty && TextKey.of($0.utf8) != site }
            let whole = usable.first { $0.contains(" ") && !$0.hasSuffix("…") && !$0.hasSuffix("...") }
            // "Blog" says less than the headline of the first entry.
            let entry = headings.first {
                $0.text.contains(" ") && core.map.traits[$0.node].contains(.headline) && !leadsHome($0.node)
                    && score($0, isOnly: false).score > 0
            }
            let isEntry = whole == nil && entry != nil
            title =
                whole ?? entry?.text ?? usable.first ?? best.map { headings[$0.at].text } ?? texts.first?.text
            node = isEntry ? entry?.node : best.flatMap { $0.score > 0 ? headings[$0.at].node : nil }
        }
        var seen: Set<[UInt8]> = []
        for key in [TextKey.of((title ?? "").utf8)] + declared.flatMap({ [$0.whole, $0.part] }) where !key.isEmpty {
            if seen.insert(key).inserted { keys.append(key) }
        }
    }

    /// Returns a heading with what a colon parts from it where the page's head has both, and does not have it alone: what
    /// stands before it, or behind it in the title of the document, may be the site's.
    private static func completed(_ heading: String, by declared: [(text: String, isDocument: Bool)]) -> String {
        let isWhole = declared.contains { $0.text == heading }
        let whole = declared.first { title in
            guard title.text.utf8.count < 200 else { return false }
            return title.text.hasPrefix(heading + ":") && !(isWhole && title.isDocument)
                || title.text.hasSuffix(": " + heading) && !isWhole
        }
        return whole?.text ?? heading
    }

    /// The surest of some headings; of two as sure the one that the head agrees with more, then the higher, then the first.
    private func best(of headings: [Heading]) -> (score: Double, at: Int)? {
        let top = headings.lazy.filter { !core.isAside($0.node) }.map(\.level).min() ?? 1
        let isOnly = headings.count { $0.level == top && !core.isAside($0.node) } == 1
        let found = headings.map { score($0, isOnly: isOnly && $0.level == top) }
        let best = headings.indices.max {
            (found[$0].score, found[$0].agreement, headings[$1].level, $1)
                < (found[$1].score, found[$1].agreement, headings[$0].level, $0)
        }
        return best.map { (found[$0].score, $0) }
    }

    private struct Heading {
        var node: Int
        var level: Int
        var text: String
    }

    /// The headings of the first levels that may be a title, at most forty.
    private static func headings(_ core: PageCore, byClass: Bool) -> [Heading] {
        let map = core.map
        var headings: [Heading] = []
        for index in map.body..<map.nodes.count where map.weight[index] > 0 && map.weight[index] < 500 {
            let level: Int
            switch map.nodes[index].name {
            case .h1: level = 1
            case .h2: level = 2
            case .h3: level = 3
            case .some(let name) where map.traits[index].contains(.headlineProperty) && name != .a: level = 1
            case .some(let name) where byClass && map.traits[index].contains(.headline):
                guard map.weight[index] < 200, index < core.root + 60, ElementClass.of(name) == .block || name == .span
                else { continue }
                level = 3
            default: continue
            }
            let text = map.plainText(index, limit: 600)
            if !text.isEmpty { headings.append(Heading(node: index, level: level, text: text)) }
            if headings.count == 40 { break }
        }
        return headings
    }

    /// How surely a heading is the title, of which 4 is enough, and how much of that is the head's agreement; `isOnly` says
    /// that no other is of its level.
    private func score(_ heading: Heading, isOnly: Bool) -> (score: Double, agreement: Double) {
        let key = TextKey.of(heading.text.utf8)
        guard key.count >= 2, key != site else { return (-9, 0) }
        let map = core.map
        let words = TextKey.words(heading.text.utf8)
        let isInside = map.isWithin(heading.node, core.root)
        let isLong = words.count >= 4 || key.count >= 24
        let isEarly = isInside && heading.node - core.root < (Int(map.nodes[core.root].end) - core.root) / 2
        var score = [0, 2, 0.5, 0][heading.level]
        var agreement = 0.0
        for title in declared {
            if key == title.whole || key == title.part {
                // "News - Island News" says less than what cards are told.
                agreement = max(agreement, title.isDocument && !isLong ? 3 : 4)
            } else if title.whole.count >= 2 * key.count, title.whole.ends(with: key), !title.part.starts(with: key),
                !isInside
            {
                // What the head ends with is the site's name.
                score -= 5
            } else if key.count >= 12,
                title.whole.starts(with: key) || title.whole.count < 2 * key.count && title.whole.ends(with: key)
            {
                agreement = max(agreement, 3)
            } else if title.part.count >= 12, key.extends(title.part) {
                agreement = max(agreement, 3)
            } else if TitleFinder.shared(words, title.words) >= 0.6 {
                agreement = max(agreement, 2 * key.count < title.part.count ? 1 : 2)
            } else if isOnly, title.segments.contains(where: { key.extends($0) }) {
                agreement = max(agreement, 2)
            }
        }
        score += agreement
        if map.traits[heading.node].contains(.headline) { score += 1 }
        if map.traits[heading.node].contains(.headlineProperty) { score += 2 }
        if core.isAside(heading.node) { score -= 3 }
        if leadsHome(heading.node) { score -= 4 }
        if map.linkDensity(heading.node) > 0.9, heading.level > 1 { score -= 1 }
        if isOnly, words.count >= 3 || agreement > 0 || isEarly && words.count == 2 {
            score += heading.level == 3 ? 0 : 1.5
        }
        if isLong { score += 0.5 }
        // The title stands above the text, not in its middle.
        if isInside || heading.node < core.root { score += 0.5 } else { score -= 2 }
        return (score, agreement)
    }

    /// Whether a heading is a link to the site's first page, as the name of the site is.
    private func leadsHome(_ heading: Int) -> Bool {
        let map = core.map
        let links =
            [Int(map.nodes[heading].parent)] + Array(heading + 1..<min(heading + 5, Int(map.nodes[heading].end)))
        guard let link = links.first(where: { map.nodes[$0].name == .a }),
            let address = map.tree.string(of: .href, at: link)
        else { return false }
        return address == "/" || WebAddress.isAbsolute(address) && !WebAddress.hasPath(address)
    }

    /// The share of a heading's words that stand in another text, both as hashes.
    private static func shared(_ heading: [UInt64], _ other: [UInt64]) -> Double {
        guard heading.count >= 3 else { return 0 }
        return Double(heading.count { other.contains($0) }) / Double(heading.count)
    }
}

extension [UInt8] {
    /// Whether it ends in other bytes.
    fileprivate func ends(with other: [UInt8]) -> Bool { suffix(other.count).elementsEqual(other) }

    /// Whether it begins or ends with other bytes and has more.
    fileprivate func extends(_ other: [UInt8]) -> Bool {
        count > other.count && (starts(with: other) || ends(with: other))
    }
}
