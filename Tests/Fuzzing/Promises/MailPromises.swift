import Articles
import Formats

/// Reads bytes as a mail or as a mailbox: by itself, and as a file with what is attached.
func checkMail(_ bytes: [UInt8]) {
    let isMailbox = bytes.starts(with: "From ".utf8)
    if isMailbox {
        checkStreamed(MboxFormat(), name: "fuzz.mbox", upTo: 4096, bytes)
    } else {
        checkStreamed(MailFormat(), name: "fuzz.eml", upTo: 1 << 20, bytes)
    }
    readAttached(bytes, name: isMailbox ? "fuzz.mbox" : "fuzz.eml")
}

/// Reads a file and what is attached to the mails in it.
private func readAttached(_ bytes: [UInt8], name: String) {
    let context = FormatContext(
        source: "fuzz", language: "und", path: name, sha256: "", bytes: bytes.count,
        received: Timestamp(milliseconds: 0), maximumArticleBytes: 1 << 16)
    var rules = ContainerRules()
    rules.maximumMembers = 100
    rules.maximumExpansion = 20
    let reader = FileParser(rules: rules).open(bytes, name: Array(name.utf8), context)
    var parts = 0
    do {
        while let part = try reader.next() {
            parts += 1
            precondition(part.number == parts, "parts are not numbered in their order")
            guard case .article(let article) = part.content else { continue }
            precondition(article.ingest.part == parts, "an article has the number of another")
            precondition(article.ingest.member == part.member, "an article lies elsewhere than its part")
        }
    } catch {
        precondition(error is ParseError, "\(error)")
        parts += 1
    }
    precondition(parts > 0, "nothing came of it, without an error")
}
