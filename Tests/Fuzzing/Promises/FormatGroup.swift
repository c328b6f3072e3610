import Formats

/// What is fuzzed together, each with a corpus of its own in `Tests/Fuzzing/Corpora`: groups of formats, and the wire.
package enum FormatGroup: String, CaseIterable, Sendable {
    case containers, feeds, html, json, mail, news, text, warc, wire

    /// Reads bytes as what the group is of, and ends the process where a promise is broken: it says which.
    package func check(_ bytes: [UInt8]) {
        switch self {
        case .containers: checkContainer(bytes)
        case .feeds: checkStreamed(FeedFormat(), name: "fuzz.xml", upTo: 1 << 20, bytes)
        case .html: checkPage(bytes)
        case .json: checkStreamed(JSONFormat(), name: "fuzz.json", upTo: 4096, bytes)
        case .mail: checkMail(bytes)
        case .news:
            checkStreamed(NewsMLG2Format(), name: "fuzz.xml", upTo: 4096, bytes)
            checkStreamed(NewsML1Format(), name: "fuzz.xml", upTo: 4096, bytes)
            checkStreamed(NITFFormat(), name: "fuzz.xml", upTo: 4096, bytes)
        case .text: checkText(bytes)
        case .warc: checkStreamed(WARCFormat(), name: "fuzz.warc", upTo: 4096, bytes)
        case .wire: checkWire(bytes)
        }
    }
}
