import Linux
import TestSupport
import Testing

/// The conservation oracle in its short form: every kind of fault once, in an order that its seed chooses.
@Suite struct OracleTests {
    @Test func `whatever is done to the watcher, every file is accounted for`() throws {
        let oracle = try TestedProcess(
            name: "dropwire-oracle", command: [BuiltProgram.folder + "/dropwire-oracle", "--seconds", "20"])
        let ending = try oracle.waitUntilEnded(within: .seconds(400))
        #expect(ending == .exited(0), "\(oracle.errorOutput)\n\(oracle.output)")
    }

    @Test func `a fault that there is not is refused`() throws {
        let unknown = try TestedProcess(
            name: "dropwire-oracle", command: [BuiltProgram.folder + "/dropwire-oracle", "--faults", "nothing"])
        #expect(try unknown.waitUntilEnded() == .exited(64))
        #expect(unknown.errorOutput.contains("there is no fault 'nothing'"))
    }
}
