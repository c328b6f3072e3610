import Linux
import TestSupport
import Testing

/// What the program says and how it ends where its command line or configuration is wrong.
@Suite struct CommandLineTests {
    @Test(arguments: ["watch", "deduplicate", "index", "summarize", "status", "check-config", "tail"])
    func `a wrong configuration ends with 78 and the place`(command: String) throws {
        let scratch = try ScratchDirectory()
        try scratch.write(
            """
            state_directory = "\(scratch.path)"

            [[watch.drop]]
            path = "\(scratch.path)"
              poll_intervall = "1s"

            """, to: "wrong.toml")
        let process = try BuiltProgram.run([command, "--config", scratch.path("wrong.toml")])
        #expect(process.ending == .exited(78))
        #expect(process.errorOutput.contains("\(scratch.path("wrong.toml")):5:3"))
        #expect(process.errorOutput.contains("did you mean 'poll_interval'?"))
    }

    @Test func `a configuration that is not there ends with 78 and its path`() throws {
        let process = try BuiltProgram.run(["watch", "--config", "/nowhere/dropwire.toml"])
        #expect(process.ending == .exited(78))
        #expect(process.errorOutput.contains("/nowhere/dropwire.toml"))
    }

    @Test func `a watcher without a drop directory ends with 78`() throws {
        let scratch = try ScratchDirectory()
        try scratch.write(
            "state_directory = \"\(scratch.path)\"\nruntime_directory = \"\(scratch.path)\"\n", to: "empty.toml")
        let process = try BuiltProgram.run(["watch", "--config", scratch.path("empty.toml")])
        #expect(process.ending == .exited(78))
        #expect(process.errorOutput.contains("[[watch.drop]]"))
    }

    @Test(arguments: [
        (["watch", "--confg", "x"], "did you mean '--config'?"), (["wach"], "did you mean 'watch'?"),
        (["tail", "--count", "many"], "--count"), (["tail", "--count"], "--count"), (["watch", "extra"], "extra"),
        ([], "usage:"),
    ])
    func `a wrong command line ends with 64 and says what is wrong`(arguments: [String], words: String) throws {
        let process = try BuiltProgram.run(arguments)
        #expect(process.ending == .exited(64))
        #expect(process.errorOutput.contains(words))
        #expect(process.output.isEmpty)
    }

    @Test func `version and help end with 0`() throws {
        let version = try BuiltProgram.run(["--version"])
        #expect(version.ending == .exited(0))
        #expect(version.output.wholeMatch(of: /dropwire \d+\.\d+\.\d+\n/) != nil)
        let help = try BuiltProgram.run(["--help"])
        #expect(help.ending == .exited(0))
        for command in ["up", "watch", "deduplicate", "index", "summarize", "status", "tail", "search", "quarantine"] {
            #expect(help.output.contains("  \(command) "))
            #expect(try BuiltProgram.run([command, "--help"]).output.hasPrefix("usage: dropwire \(command)"))
        }
    }
}
