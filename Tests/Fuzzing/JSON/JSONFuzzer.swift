import Formats
import FuzzingSupport

// Reads whatever libFuzzer makes up as JSON, and ends where a promise is broken. Build and run it like so:
//
//     DROPWIRE_FUZZING=1 swift build -c release --product fuzz-json --sanitize=fuzzer --scratch-path BUILD
//     cp --backup=numbered Tests/FormatsTests/Fixtures/json/*/input.* CORPUS
//     SWIFT_BACKTRACE=enable=no BUILD/release/fuzz-json -timeout=5 -rss_limit_mb=1000 -malloc_limit_mb=5000 CORPUS
//
// With SwiftPM's plain build it is not there, as libFuzzer brings its main function.

/// Reads one input; called by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func readJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    fuzz(JSONFormat(), name: "fuzz.json", upTo: 4096, start, count)
}
