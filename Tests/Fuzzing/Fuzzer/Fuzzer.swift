import FormatPromises
import Glibc

// Reads whatever libFuzzer makes up, and ends where a promise is broken. With `GROUP` one of containers, feeds, html, json,
// mail, news, text, warc and wire, build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product dropwire-fuzz --sanitize=fuzzer --scratch-path BUILD
//     mkdir SEEDS CORPUS; tar -xf Tests/Fuzzing/Corpora/GROUP.tar.xz -C SEEDS
//     DROPWIRE_FUZZ=GROUP SWIFT_BACKTRACE=enable=no BUILD/release/dropwire-fuzz -timeout=5 -rss_limit_mb=1000 \
//         -malloc_limit_mb=5000 -max_total_time=600 CORPUS SEEDS
//
// What it ends with goes into the corpus when it is mended, so that the tests read it from then on; to keep corpora small
// they are made again with `-merge=1`. With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

private let group: FormatGroup = {
    let name = getenv("DROPWIRE_FUZZ").map { String(cString: $0) } ?? ""
    guard let group = FormatGroup(rawValue: name) else {
        fatalError("DROPWIRE_FUZZ is '\(name)', and none of \(FormatGroup.allCases.map(\.rawValue))")
    }
    return group
}()

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    group.check(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
