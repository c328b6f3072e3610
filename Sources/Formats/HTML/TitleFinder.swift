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
    private let declared: [(words: [UInt64], key: [UInt8], part: [UInt8])]

    init(_ core: PageCore, _ tags: MetaTags, _ linked: LinkedArticle) {
        self.core = core
        let siteName = tags.first(.siteName) ?? linked.publisher
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
            (TextKey.words(text.text.utf8), TextKey.of(text.text.utf8), TextKey.of(part.utf8))
        }
        var best = best(of: headings)
        if best?.score ?? 0 < 4 {
            // Some pages have their headline in an element that only its class tells.
            headings = TitleFinder.headings(core, byClass: true)
            best = self.best(of: headings)
        }
        if let best, best.score >= 4 {
            title = TitleFinder.completed(headings[best.at].text, by: parts)
            node = headings[best.at].node
        } else {
            let usable = parts.filter { !$0.isEmpty && TextKey.of($0.utf8) != site }
            let whole = usable.first { $0.contains(" ") && !$0.hasSuffix("…") && !$0.hasSuffix("...") }
            // "Blog" says less than the headline of the first entry.
            let entry = headings.first {
                $0.text.contains(" ") && core.map.traits[$0.node].contains(.headline) && score($0, isOnly: false) > 0
            }
            title =
                whole ?? entry?.text ?? usable.first ?? best.map { headings[$0.at].text } ?? texts.first?.text
            node = best.flatMap { $0.score > 0 ? headings[$0.at].node : nil }
        }
        var seen: Set<[UInt8]> = []
        for key in [TextKey.of((title ?? "").utf8)] + declared.flatMap({ [$0.key, $0.part] }) where !key.isEmpty {
            if seen.insert(key).inserted { keys.append(key) }
        }
    }

    /// Returns a heading with what a colon parts from it where the page's head has both.
    private static func completed(_ heading: String, by declared: [String]) -> String {
        let whole = declared.first { text in
            text.utf8.count < 200 && (text.hasPrefix(heading + ":") || text.hasSuffix(": " + heading))
        }
        return whole ?? heading
    }

    private func best(of headings: [Heading]) -> (score: Double, at: Int)? {
        let isOnly = headings.count { $0.level == 1 } == 1
        return headings.enumerated().map { (score: score($0.element, isOnly: isOnly), at: $0.offset) }
            .max { ($0.score, $1.at) < ($1.score, $0.at) }
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

    /// How surely a heading is the title: 4 is enough.
    private func score(_ heading: Heading, isOnly: Bool) -> Double {
        let key = TextKey.of(heading.text.utf8)
        guard key.count >= 2, key != site else { return -9 }
        var score = [0, 2, 0.5, 0][heading.level]
        var agreement = 0.0
        let words = TextKey.words(heading.text.utf8)
        for (others, whole, part) in declared {
            if key == whole || key == part {
                agreement = max(agreement, 4)
            } else if whole.count > key.count, whole.reversed().starts(with: key.reversed()), !part.starts(with: key),
                !core.map.isWithin(heading.node, core.root)
            {
                // What the head ends with is the site's name.
                score -= 5
            } else if key.count >= 12, whole.starts(with: key) {
                agreement = max(agreement, 3)
            } else if part.count >= 12, key.starts(with: part) || key.reversed().starts(with: part.reversed()) {
                agreement = max(agreement, 3)
            } else if TitleFinder.shared(words, others) >= 0.6 {
                agreement = max(agreement, 2)
            }
        }
        score += agreement
        let map = core.map
        if map.traits[heading.node].contains(.headline) { score += 1 }
        if map.traits[heading.node].contains(.headlineProperty) { score += 2 }
        if map.isAside(heading.node) { score -= 3 }
        if map.linkDensity(heading.node) > 0.9, heading.level > 1 { score -= 1 }
        if isOnly, heading.level == 1, words.count >= 3 || agreement > 0 { score += 1.5 }
        // The title stands above the text, not in its middle.
        if map.isWithin(heading.node, core.root) || heading.node < core.root { score += 0.5 } else { score -= 2 }
        return score
    }

    /// The share of a heading's words that stand in another text, both as hashes.
    private static func shared(_ heading: [UInt64], _ other: [UInt64]) -> Double {
        guard heading.count >= 3 else { return 0 }
        return Double(heading.count { other.contains($0) }) / Double(heading.count)
    }
}
