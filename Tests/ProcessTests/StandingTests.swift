import Glibc
import Linux
import TestSupport
import Testing

/// What every role tells the service manager of itself.
@Suite struct StandingTests {
    @Test(.timeLimit(.minutes(20))) func `every role shows live numbers, also without the others`() throws {
        let dropwire = try Installation()
        let watch = try dropwire.startReady("watch")
        for number in 1...3 { try dropwire.drop(Sample.article(number), as: "\(number).txt") }
        try watch.waitUntilTold("what it took") {
            $0.contains("STATUS=watching, 3 articles since the start, 0 files wait")
        }
        // There is no status service: what they have done waits for it, or is not done yet.
        for role in ["deduplicate", "index"] {
            let worker = try dropwire.startReady(role)
            try worker.waitUntilTold("what it did") {
                $0.hasPrefix("STATUS=3 done, ") && $0.contains("3 results wait for the status service, 0 behind")
            }
            #expect(try worker.stop() == .exited(0))
        }
        let summarize = try dropwire.startReady("summarize")
        let status = try dropwire.startReady("status")
        try summarize.waitUntilTold("what it did") { $0.hasPrefix("STATUS=3 done, ") }
        try status.waitUntilTold("what it has") { $0.hasPrefix("STATUS=3 results, ") }
        for process in [watch, summarize, status] { #expect(try process.stop() == .exited(0)) }
    }

    @Test(.timeLimit(.minutes(20)), arguments: Installation.roles)
    func `the service manager hears of a reload, its end and the drain`(role: String) throws {
        let dropwire = try Installation()
        let process = try dropwire.startReady(role)
        process.send(SIGHUP)
        try process.waitUntilTold("that it reloads") { $0 == "RELOADING=1" }
        try process.waitUntilTold("that it is ready again") { $0 == "READY=1" }
        process.send(SIGTERM)
        try process.waitUntilTold("that it ends") { $0 == "STOPPING=1" }
        #expect(try process.waitUntilEnded() == .exited(0))
    }
}
