import Formats
import FuzzingSupport

// Reads whatever libFuzzer makes up as an archive of a crawl, and ends where a promise is broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-warc --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/warc/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-warc -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readWARC(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzz(WARCFormat(), name: "fuzz.warc", upTo: 4096, start, count)
}
