import XML

/// What is known of each node of a page after two passes over it: how much text is below, how much of that in links,
/// and what its attributes say.
struct PageMap {
    let tree: HTMLTree
    let nodes: [HTMLTree.Node]
    private(set) var traits: [ElementTraits]
    /// How much there is to read below a node: letters, where one that stands for a syllable or a word counts double.
    private(set) var weight: [Int32]
    /// How much of that is within links.
    private(set) var linkWeight: [Int32]
    /// How much of it stands in runs as long as a sentence and outside of links.
    private(set) var prose: [Int32]
    /// Whether there is below, or here, what clutter never holds: the top headline or a marked article body.
    private(set) var holdsArticle: [Bool]
    /// The body, or the page where there is none.
    let body: Int

    /// Reads a tree.
    init(_ tree: HTMLTree) {
        self.tree = tree
        nodes = tree.nodes
        let count = nodes.count
        traits = Array(repeating: [], count: count)
        weight = Array(repeating: 0, count: count)
        linkWeight = Array(repeating: 0, count: count)
        prose = Array(repeating: 0, count: count)
        holdsArticle = Array(repeating: false, count: count)
        body = nodes.firstIndex { $0.name == .body } ?? 0
        var index = body
        while index < count {
            let node = nodes[index]
            guard let name = node.name else {
                weight[index] = PageMap.weight(of: tree.bytes, in: node.text)
                if weight[index] >= 60 { prose[index] = weight[index] }
                index += 1
                continue
            }
            if node.attributes.count > 0 { traits[index] = ElementTraits.of(node, tree) }
            // Nothing below these is text; their attributes may still speak of the page.
            if name == .script || name == .style || name == .noscript || name == .svg || name == .select {
                index = Int(node.end)
                continue
            }
            if name == .h1
                || name == .article && !traits[index].contains(.comments) && !traits[index].contains(.related)
                || traits[index].contains(.bodyProperty)
            {
                holdsArticle[index] = true
            }
            index += 1
        }
        for index in stride(from: count - 1, to: body, by: -1) {
            let parent = Int(nodes[index].parent)
            if nodes[index].name == .a {
                linkWeight[index] = weight[index]
                prose[index] = 0
            }
            prose[parent] &+= prose[index]
            weight[parent] &+= weight[index]
            linkWeight[parent] &+= linkWeight[index]
            if holdsArticle[index] { holdsArticle[parent] = true }
        }
    }

    /// The share of a node's text that is within links, 0 to 1.
    func linkDensity(_ index: Int) -> Double {
        weight[index] == 0 ? 0 : Double(linkWeight[index]) / Double(weight[index])
    }

    /// Whether a node is below, or is, another.
    func isWithin(_ index: Int, _ ancestor: Int) -> Bool {
        index >= ancestor && index < Int(nodes[ancestor].end)
    }

    private static func weight(of bytes: [UInt8], in range: Range<Int>) -> Int32 {
        bytes.withUnsafeBufferPointer { bytes in
            var sum: Int32 = 0
            for index in range { sum += Int32(truncatingIfNeeded: PageMap.weights[Int(bytes[index])]) }
            return sum
        }
    }

    /// By the first byte of a character: 1 for one of up to two bytes, 2 for the letters of Asia.
    static let weights: [UInt8] = (0...255).map { byte in
        switch byte {
        case 0x21...0x7e: 1
        case 0xc3...0xdf: 1
        case 0xe0...0xf4: 2
        default: 0
        }
    }
}
