import XML

extension PageMap {
    /// The text below a node on one line, cut behind `limit` bytes.
    func plainText(_ index: Int, limit: Int) -> String {
        var output: [UInt8] = []
        var below = index + 1
        let end = Int(nodes[index].end)
        while below < end, output.count < limit {
            let node = nodes[below]
            if let name = node.name {
                if ElementClass.of(name) == .void || traits[below].contains(.hidden) {
                    below = Int(node.end)
                    continue
                }
                if name == .br || ElementClass.of(name) == .block { output.append(0x20) }
            } else {
                output.append(contentsOf: tree.bytes[node.text].prefix(limit))
            }
            below += 1
        }
        return VisibleText.clean(String(decoding: output, as: UTF8.self))
    }

    /// Whether an element says that it is an article.
    func isArticle(_ index: Int) -> Bool {
        nodes[index].name == .article || traits[index].contains(.content) && nodes[index].name == .div
    }

    /// Whether an element is, or is within, what frames the page or lists other pages; the walk up is bounded by the tree's
    /// depth.
    func isAside(
        _ index: Int, _ kinds: ElementTraits = [.comments, .related, .navigation, .margin, .hidden, .advertising]
    ) -> Bool {
        var above = index
        while above > body {
            if let name = nodes[above].name, !holdsArticle[above] {
                if ElementClass.of(name) == .frame, kinds.contains(.margin) { return true }
                if !traits[above].isDisjoint(with: kinds),
                    !traits[above].contains(.body)
                {
                    return true
                }
            }
            above = Int(nodes[above].parent)
        }
        return false
    }
}
