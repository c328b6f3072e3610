import XML

/// Where on a page its article is.
struct PageCore {
    let map: PageMap
    let text: PageText
    let masses: Masses
    /// The element that holds the article.
    let root: Int

    /// Looks for the article of a page.
    init(_ map: PageMap, pruning: PageText.Pruning) {
        self.map = map
        text = PageText(map, root: map.body, pruning: pruning)
        masses = Masses(map, text)
        root = RootFinder(map, masses).root
    }

    /// Whether an element is, or is within, what frames the page or lists other pages; an article's own header and footer do
    /// not frame the page.
    func isAside(_ index: Int) -> Bool {
        var above = index
        var isFramed = false
        while above > map.body {
            if let name = map.nodes[above].name, !map.holdsArticle[above] {
                let traits = map.traits[above]
                if !traits.isDisjoint(with: [.comments, .related, .navigation, .hidden, .advertising]),
                    !traits.contains(.body)
                {
                    return true
                }
                if ElementClass.of(name) == .frame || traits.contains(.margin) && !traits.contains(.body) {
                    isFramed = true
                }
            }
            if above == root || map.isWithin(root, above) && map.isArticle(above) { isFramed = false }
            above = Int(map.nodes[above].parent)
        }
        return isFramed
    }
}
