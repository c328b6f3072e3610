import Formats
import FuzzingSupport

// Reads whatever libFuzzer makes up as NewsML-G2, NewsML 1 and NITF, and ends where a promise is broken. Build and run it so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-news --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/{newsml-g2,newsml,nitf}/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-news -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readNews(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    // Small, so that items that are too large are met.
    _ = fuzz(NewsMLG2Format(), name: "fuzz.xml", upTo: 4096, start, count)
    _ = fuzz(NewsML1Format(), name: "fuzz.xml", upTo: 4096, start, count)
    return fuzz(NITFFormat(), name: "fuzz.xml", upTo: 4096, start, count)
}
