import Linux
import TestSupport

/// The rules that the watcher's calls obey (`FaultInjection.h`), and what they have hit. Used by one thread.
final class FaultRules {
    private let scratch: ScratchDirectory
    private var steps: [String] = []
    private var number = 0

    init(_ scratch: ScratchDirectory) throws {
        self.scratch = scratch
        try set([])
    }

    /// What the watcher is to be started with.
    var environment: [String: String] {
        [
            "LD_PRELOAD": "\(BuiltFiles.folder)/libFaultInjection.so", "DROPWIRE_FAULTS": scratch.path("faults"),
            "DROPWIRE_FAULT_HITS": scratch.path("hits"),
        ]
    }

    /// Puts rules in force, in place of those that were.
    func set(_ rules: [String]) throws {
        try scratch.write((steps + rules).joined(separator: "\n") + "\n", to: "faults.new")
        try scratch.rename("faults.new", to: "faults")
    }

    /// Sets the clock, in a moment; it stays so.
    func stepClock(by offset: Duration) throws {
        // In a moment, so that every thread has read it before it holds.
        let from = (Clocks.wallMilliseconds() + 200) * 1_000_000
        steps.append("clock \(from) \(offset.wholeMilliseconds)")
        try set([])
    }

    /// The number of lines about hits so far.
    var hits: Int { (scratch.read("hits") ?? []).count { $0 == 0x0a } }
}

/// What was built together with the oracle.
enum BuiltFiles {
    /// The directory of all of it.
    static let folder = ProcessInformation.executablePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    static let dropwire = folder + "/dropwire"
}
