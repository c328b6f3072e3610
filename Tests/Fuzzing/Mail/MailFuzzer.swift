import Articles
import Formats
import FuzzingSupport

// Reads whatever libFuzzer makes up as a mail and as a mailbox, and ends where a promise is broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-mail --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/{eml,mbox}/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-mail -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input by itself, and as a file with what is attached; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readMail(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let isMailbox = bytes.starts(with: "From ".utf8)
    _ =
        isMailbox
        ? fuzz(MboxFormat(), name: "fuzz.mbox", upTo: 4096, start, count)
        : fuzz(MailFormat(), name: "fuzz.eml", upTo: 1 << 20, start, count)
    readAttached(bytes, name: isMailbox ? "fuzz.mbox" : "fuzz.eml")
    return 0
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
