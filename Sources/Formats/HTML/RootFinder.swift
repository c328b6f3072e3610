import XML

/// Finds the element that holds a page's article.
struct RootFinder {
    private let map: PageMap
    private let masses: Masses
    private(set) var root: Int

    init(_ map: PageMap, _ masses: Masses) {
        self.map = map
        self.masses = masses
        root = map.body
        let total = masses.nodes[map.body]
        guard total > 0 else { return }
        if let marked = marked(total) { root = marked }
        descend()
    }

    /// The element that the page itself marks as its article: schema.org's word, a class, `article`, `main`.
    private func marked(_ total: Int32) -> Int? {
        var best: [(node: Int, mass: Int32)] = Array(repeating: (-1, 0), count: 4)
        for index in map.body..<map.nodes.count {
            guard let name = map.nodes[index].name, masses.nodes[index] > 0 else { continue }
            let mass = masses.nodes[index]
            let tier: Int
            if map.traits[index].contains(.bodyProperty) {
                tier = 0
            } else if map.traits[index].contains(.body), name != .body, name != .p, name != .li, name != .span {
                tier = 1
            } else if name == .article {
                tier = 2
            } else if name == .main
                || map.tree.value(of: .role, at: index).map({ map.tree.bytes[$0].elementsEqual("main".utf8) }) == true
            {
                tier = 3
            } else {
                continue
            }
            if mass > best[tier].mass { best[tier] = (index, mass) }
        }
        let needed = [0.25, 0.5, 0.4, 0.3]
        for (tier, found) in best.enumerated()
        where found.node >= 0 && Double(found.mass) >= needed[tier] * Double(total) {
            return tier == 1 ? together(found) : found.node
        }
        return nil
    }

    /// The element around several pieces that are marked alike, where little else is in it.
    private func together(_ found: (node: Int, mass: Int32)) -> Int {
        var first = found.node
        var last = found.node
        var sum: Int32 = 0
        var index = map.body + 1
        while index < map.nodes.count {
            guard map.traits[index].contains(.body), masses.nodes[index] * 10 >= found.mass else {
                index += 1
                continue
            }
            sum += masses.nodes[index]
            first = min(first, index)
            last = max(last, index)
            index = Int(map.nodes[index].end)
        }
        var around = first
        while around > map.body, !map.isWithin(last, around) { around = Int(map.nodes[around].parent) }
        return masses.nodes[around] * 3 <= sum * 4 ? around : found.node
    }

    /// Goes down as long as one child has nearly all of what its parent has.
    private mutating func descend() {
        while true {
            var next = -1
            var child = root + 1
            let end = Int(map.nodes[root].end)
            while child < end {
                if masses.nodes[child] * 10 >= masses.nodes[root] * 9 { next = child }
                child = Int(map.nodes[child].end)
            }
            guard next >= 0, let name = map.nodes[next].name, ElementClass.of(name) == .block, name != .p,
                name != .li, name != .ul, name != .ol, name != .blockquote, name != .table
            else { return }
            root = next
        }
    }
}
