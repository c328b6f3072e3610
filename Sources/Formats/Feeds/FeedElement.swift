import XML

/// The elements of an entry or a channel by what they are.
struct FeedElement {
    let tree: XMLTree
    let index: Int
    private let children: [(local: String, vocabulary: FeedNames.Vocabulary, index: Int)]

    init(_ tree: XMLTree, _ index: Int) {
        self.tree = tree
        self.index = index
        children = tree.elements(in: index).map { child in
            let name = tree.name(child)!
            return (name.local.lowercased(), FeedNames.vocabulary(name.namespace), child)
        }
    }

    /// The elements of a name in some vocabularies, in their order.
    func all(_ local: String, _ vocabularies: FeedNames.Vocabulary...) -> [Int] {
        children.filter { $0.local == local && vocabularies.contains($0.vocabulary) }.map(\.index)
    }

    func first(_ local: String, _ vocabularies: FeedNames.Vocabulary...) -> Int? {
        children.first { $0.local == local && vocabularies.contains($0.vocabulary) }?.index
    }

    /// The text of the first element of a name that has any, on one line.
    func text(_ local: String, _ vocabularies: FeedNames.Vocabulary...) -> String? {
        for child in children where child.local == local && vocabularies.contains(child.vocabulary) {
            let text = VisibleText.clean(tree.text(child.index))
            if !text.isEmpty { return text }
        }
        return nil
    }

    /// The text of the last element of a name that has any, on one line.
    func last(_ local: String, _ vocabularies: FeedNames.Vocabulary...) -> String? {
        children.reversed().lazy.filter { $0.local == local && vocabularies.contains($0.vocabulary) }
            .map { VisibleText.clean(tree.text($0.index)) }.first { !$0.isEmpty }
    }

    /// What the addresses in an element are relative to.
    func base(at index: Int, _ feed: String?) -> String? {
        var bases: [String] = []
        var above = index
        while above >= 0 {
            if let base = tree.attribute("base", XMLTree.xml, of: above) { bases.append(base) }
            above = Int(tree.nodes[above].parent)
        }
        return bases.reversed().reduce(feed) { outer, base in WebAddress.join(base, to: outer) ?? outer }
    }

    // MARK: Texts with markup

    /// The markup of a text, as its type says: what is plain is made markup.
    func markup(at index: Int) -> String {
        let type = tree.attribute("type", of: index)?.lowercased() ?? ""
        let mode = tree.attribute("mode", of: index)?.lowercased() ?? ""
        let hasElements = !tree.elements(in: index).isEmpty
        if type == "xhtml" || mode == "xml" || hasElements && type != "html" { return tree.markup(in: index) }
        var text = tree.text(index)
        if mode == "base64" || isBase64(type), let decoded = Base64.decode(text) { text = decoded }
        return text
    }

    private func isBase64(_ type: String) -> Bool {
        type.contains("/") && !type.hasPrefix("text/") && !type.contains("xml") && !type.contains("html")
    }

    /// Whether a text is plain, so that a `<` in it is one.
    func isPlain(at index: Int, isAtom: Bool) -> Bool {
        guard isAtom else { return false }
        let type = tree.attribute("type", of: index)?.lowercased() ?? "text"
        return ["text", "text/plain"].contains(type)
            && !["xml", "base64", "escaped"].contains(tree.attribute("mode", of: index)?.lowercased())
            && tree.elements(in: index).isEmpty
    }

    /// A title: its words alone.
    func title(at index: Int, isAtom: Bool) -> String? {
        guard !isPlain(at: index, isAtom: isAtom) else {
            let text = VisibleText.clean(tree.text(index))
            return text.isEmpty ? nil : text
        }
        let markup = markup(at: index)
        let isMarkup = HTMLFragment.isMarkup(markup)
        let text = VisibleText.clean(isMarkup ? HTMLFragment(markup, url: nil).text ?? "" : VisibleText.clean(markup))
        return text.isEmpty ? nil : text
    }
}
