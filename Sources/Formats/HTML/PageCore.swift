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
}
