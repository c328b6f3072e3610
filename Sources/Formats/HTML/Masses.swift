import XML

/// How much of each element's text reads like an article: sentences with few links.
struct Masses {
    /// By block.
    let blocks: [Int32]
    /// By node, with all that is below.
    let nodes: [Int32]

    init(_ map: PageMap, _ text: PageText) {
        var nodes = [Int32](repeating: 0, count: map.nodes.count)
        var blocks: [Int32] = []
        blocks.reserveCapacity(text.blocks.count)
        for block in text.blocks {
            let mass = Masses.mass(of: block, text.text(block))
            blocks.append(mass)
            nodes[block.element] += mass
        }
        for index in stride(from: nodes.count - 1, to: map.body, by: -1) {
            nodes[Int(map.nodes[index].parent)] += nodes[index]
        }
        self.blocks = blocks
        self.nodes = nodes
    }

    private static func mass(of block: Block, _ text: ArraySlice<UInt8>) -> Int32 {
        guard !block.isHeading, block.weight > 20 else { return 0 }
        let density = block.linkDensity
        guard density < 0.7 else { return 0 }
        let plain = Double(block.weight - 20) * (1 - density) * (1 - density)
        return Int32(Sentences.isIn(text) ? plain : plain * 0.3)
    }
}
