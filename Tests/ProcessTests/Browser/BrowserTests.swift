import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

private let chromium = "/usr/bin/chromium"
private let isReady = PythonEnvironment.isThere && access(chromium, X_OK) == 0 && PublishedProgram.hasZeroMQ

/// The pages in a real browser, before a whole Dropwire (`pages.py`).
@Suite(.enabled(if: isReady, "Tests/run makes .build/python from PyPI; \(chromium) is in Debian's package chromium"))
struct BrowserTests {
    /// Where screenshots are kept for people to look at: `DROPWIRE_SCREENSHOTS`, else `.build/screenshots`.
    private static let screenshots =
        ProcessInfo.processInfo.environment["DROPWIRE_SCREENSHOTS"] ?? BuiltProgram.sourceRoot + "/.build/screenshots"

    @Test(.timeLimit(.minutes(10)))
    func `an operator and an editor see what happens, act on it, and nothing that others wrote runs`() throws {
        let scratch = try ScratchDirectory()
        let python = try #require(PythonEnvironment.program("python"))
        let folder = BuiltProgram.sourceRoot + "/Tests/ProcessTests/Browser"
        let tour = try TestedProcess(
            name: "the browser",
            command: [
                // Without -B it would leave what it has compiled among the sources.
                python, "-B", folder + "/pages.py", "--program", BuiltProgram.path, "--scratch", scratch.path("crew"),
                "--screenshots", BrowserTests.screenshots, "--chromium", chromium,
            ])
        let ending = try tour.waitUntilEnded(within: .seconds(500))
        #expect(ending == .exited(0), "\(tour.output)\n\(tour.errorOutput)")
        print(tour.output)
    }
}
