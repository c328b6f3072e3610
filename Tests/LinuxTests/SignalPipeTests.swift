import Glibc
import Linux
import TestSupport
import Testing

@Suite struct SignalPipeTests {
    /// In a process of its own: there is one pipe a process.
    @Test func `signals are delivered from the moment the pipe is made, each as its number`() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let pipe = try SignalPipe([SIGTERM, SIGHUP])
            kill(getpid(), SIGTERM)
            kill(getpid(), SIGHUP)
            // What nobody reads any more must not end the process.
            kill(getpid(), SIGPIPE)
            var seen: Set<Int32> = []
            let came = eventually {
                seen.formUnion(pipe.received())
                return seen == [SIGTERM, SIGHUP]
            }
            exit(came && pipe.received().isEmpty ? 0 : 1)
        }
    }
}
