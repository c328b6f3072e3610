/// The plain text of chosen blocks: paragraphs parted by blank lines, the items of a list and the rows of a table by a
/// line's end, cells by a bar.
enum BodyText {
    static func write(_ text: PageText, _ chosen: [Int]) -> String {
        var output: [UInt8] = []
        var previous: Block?
        for index in chosen {
            let block = text.blocks[index]
            if let previous {
                if block.kind == .cell, previous.kind == .cell, block.row == previous.row {
                    output.append(contentsOf: " | ".utf8)
                } else if block.kind == previous.kind, block.kind == .item || block.kind == .cell {
                    output.append(0x0a)
                } else {
                    output.append(contentsOf: [0x0a, 0x0a])
                }
            }
            if block.kind == .item { output.append(contentsOf: "- ".utf8) }
            output.append(contentsOf: text.text(block))
            previous = block
        }
        return String(decoding: output, as: UTF8.self)
    }
}
