/// The article of a number: a text that no other number has, and what a reader must find in it.
struct Text: Sendable {
    let number: Int

    var title: String { "Report \(number) from the harbour" }
    var abstract: String { "What happened on quay \(number), in short." }

    var body: String {
        (0..<paragraphs).map { paragraph in
            "Paragraph \(paragraph) of report \(number). " + Text.words[(number + paragraph) % Text.words.count]
        }.joined(separator: "\n\n")
    }

    /// The file in the native text format.
    var native: [UInt8] { Array("\(title)\n\n2026-03-04 10:00:00\n\nAbstract: \(abstract)\n\n\(body)\n".utf8) }

    /// Mostly a kilobyte, now and then some ten or some hundred of them.
    private var paragraphs: Int {
        switch number % 500 {
        case 0: 3000
        case 1..<15: 200
        default: 3 + number % 7
        }
    }

    private static let words = [
        "The crane stood still while the pilot waited for the tide, and nobody on the pier could say for how long.",
        "Grain, timber and copper lay on the quay; the clerk counted them twice and wrote down the smaller number.",
        "“The storm took the lantern,” said the harbour master, “and the bell, but it left us the boats.”",
        "Über die Brücke ging am Morgen niemand, denn der Nebel war so dicht wie am Tag der großen Flut.",
    ]
}
