/// What the files of a model case have in them. No two beginnings of any of it are of the same size, so that every change is
/// one of the identity, too, however coarse the clock of the file system is.
enum ModelContent {
    static let pieces = 3

    /// A whole report.
    static func report(_ number: Int) -> [UInt8] { beginning(of: number) + (1..<pieces).flatMap { piece($0) } }

    /// Its first piece, which is an article, too.
    static func beginning(of number: Int) -> [UInt8] {
        let digits = String(1000 + number)
        return Array(
            "Report \(digits)\n\n2025-02-26 03:27:00\n\nAbstract: In short \(digits).\n\nIt \(filling(number)).\n".utf8)
    }

    /// A later piece.
    static func piece(_ index: Int) -> [UInt8] { Array("\nParagraph \(index) \(filling(250 * index)).\n".utf8) }

    /// A paragraph that is appended to any of it.
    static func paragraph(_ number: Int) -> [UInt8] {
        Array("\nLater \(1000 + number) \(filling(8000 + number)).\n".utf8)
    }

    /// What is no text.
    static func spoiled(_ number: Int) -> [UInt8] { Array("\(filling(4000 + number))\0".utf8) }

    /// The first half of its paragraphs; nothing of what is no report.
    static func half(of content: [UInt8]) -> [UInt8] {
        guard isReport(content) else { return [] }
        let head = content.firstRange(of: Array("\n\nIt ".utf8))!.upperBound
        let ends = content.indices.filter { $0 > head && content[$0] == 0x0a && content[$0 - 1] == UInt8(ascii: ".") }
        return Array(content[...ends[(ends.count - 1) / 2]])
    }

    /// It is one, or a beginning of one, with whatever was appended.
    static func isReport(_ content: [UInt8]) -> Bool { content.starts(with: Array("Report ".utf8)) }

    /// The code with which it is quarantined; nil for an article.
    static func code(of content: [UInt8]) -> String? {
        content.contains(0) ? "binary" : content.isEmpty ? "empty" : nil
    }

    private static func filling(_ count: Int) -> String { String(repeating: "x", count: count) }
}
