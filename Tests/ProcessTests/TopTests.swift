import Articles
import Glibc
import Linux
import Messaging
import TestSupport
import Testing

/// `dropwire top` and `dropwire status --watch` on a real terminal, and in a pipe.
@Suite(.timeLimit(.minutes(10))) struct TopTests {
    private let dropwire: Installation

    init() throws { dropwire = try Installation() }

    /// What the user saw.
    private struct Told {
        var value: JSONValue
        var exit: Int64? { value["exit"]?.integerValue }
        func isTrue(_ name: String) -> Bool { value[name] == .boolean(true) }
        var screens: [String] { (value["screens"]?.arrayValue ?? []).compactMap(\.stringValue) }
    }

    /// Runs a tool on a terminal of 80 columns and 24 rows, with a user who does `steps`.
    private func play(
        _ arguments: [String], _ steps: String, environment: [String: String] = ["TERM": "xterm", "NO_COLOR": ""]
    ) throws -> Told {
        let user = BuiltProgram.sourceRoot + "/Tests/ProcessTests/Terminal/user.py"
        let process = try TestedProcess(
            [arguments[0], "--config", dropwire.configurationPath] + arguments.dropFirst(), environment: environment,
            launcher: ["/usr/bin/python3", user, steps])
        try process.waitUntilEnded(within: .seconds(120))
        #expect(process.ending == .exited(0), "\(process.errorOutput)")
        return Told(value: try JSONValue.read(process.output))
    }

    @Test func `top shows what goes on, obeys its keys and leaves the terminal as it was`() throws {
        let crew = try ["status", "watch", "deduplicate"].map { try dropwire.startReady($0) }
        try dropwire.drop(Sample.article(1), as: "1.txt")
        try waitUntil("all have told of themselves") {
            try dropwire.heartbeat(of: "deduplicate")?.numbers["done"] == 1 && dropwire.heartbeat(of: "watch") != nil
        }
        let told = try play(
            ["top", "--interval", "1"],
            """
            [["see", "[1 processes]"], ["type", "p"], ["see", "[2 sources]"], ["type", "3"], ["see", "[3 directories]"],
             ["resize", 200, 50], ["see", "[3 directories]"], ["type", "s"], ["see", "(by WAITING)"],
             ["type", "?"], ["see", "that table"], ["type", "x"], ["see", "[3 directories]"], ["type", "q"]]
            """)
        #expect(told.exit == 0 && told.isTrue("settings_restored") && told.isTrue("screen_restored"))
        #expect(told.value["entered"] == .integer(1) && told.isTrue("coloured"))
        for name in ["watch", "deduplicate", "status"] { #expect(told.screens[0].contains(name)) }
        #expect(told.screens[0].contains("all is well") && told.screens[0].contains("LAST HOUR"))
        // The screen has grown with the window, and not a line is wider than it was.
        #expect(told.screens[0].split(separator: "\r\n").allSatisfy { $0.count <= 80 })
        #expect(told.screens[3].split(separator: "\r\n", omittingEmptySubsequences: false).count >= 50)
        for process in crew { #expect(try process.stop() == .exited(0)) }
    }

    @Test(arguments: ["INT", "TERM", "HUP", "QUIT"])
    func `whatever ends it gives the terminal back`(signal: String) throws {
        let told = try play(["top"], #"[["see", "q quit"], ["signal", "SIG\#(signal)"]]"#)
        #expect(told.exit == 1 && told.isTrue("settings_restored") && told.isTrue("screen_restored"))
    }

    @Test func `a fault of its own gives the terminal back, and is still a fault`() throws {
        let told = try play(
            ["top"], #"[["see", "q quit"], ["signal", "SIGSEGV"]]"#,
            environment: ["TERM": "xterm", "SWIFT_BACKTRACE": "enable=no"])
        #expect(told.exit == -Int64(SIGSEGV) && told.isTrue("settings_restored") && told.isTrue("screen_restored"))
    }

    @Test func `without colours nothing is coloured, and a status service that comes is seen`() throws {
        let status = try dropwire.startReady("status")
        #expect(try status.kill() == .killed(signal: SIGKILL))
        let told = try play(
            ["top", "--interval", "1"], #"[["see", "does not answer"], ["type", "q"]]"#,
            environment: ["TERM": "xterm", "NO_COLOR": "1"])
        #expect(told.exit == 1 && !told.isTrue("coloured") && told.isTrue("screen_restored"))

        let watch = try TestedProcess(
            ["status", "--config", dropwire.configurationPath, "--watch", "--interval", "1", "--json"])
        try waitUntil("it says that nobody answers") { watch.errorOutput.contains("does not answer") }
        #expect(watch.output.isEmpty)
        let again = try dropwire.startReady("status")
        try waitUntil("it has the state twice") { watch.output.split(separator: "\n").count >= 2 }
        let document = try JSONValue.read(watch.output.split(separator: "\n")[0])
        #expect(document["healthy"] == .boolean(true) && document["stages"]?.arrayValue?.count ?? 0 >= 2)
        kill(watch.identifier, SIGINT)
        #expect(try watch.waitUntilEnded() == .exited(0))
        #expect(try again.stop() == .exited(0))
    }

    @Test func `status goes on in place on a terminal, and line by line in a pipe`() throws {
        let status = try dropwire.startReady("status")
        let told = try play(
            ["status", "--watch", "--interval", "1"],
            #"[["see", "all is well"], ["resize", 60, 10], ["see", "more lines"], ["signal", "SIGINT"]]"#)
        #expect(told.exit == 0 && told.value["entered"] == .integer(0) && told.isTrue("settings_restored"))
        #expect(told.screens[1].split(separator: "\r\n").allSatisfy { $0.count <= 60 })

        let watch = try TestedProcess(["status", "--config", dropwire.configurationPath, "--watch", "--interval", "1"])
        try waitUntil("it has told twice") { watch.output.matches(of: /all is well/).count >= 2 }
        kill(watch.identifier, SIGTERM)
        #expect(try watch.waitUntilEnded() == .exited(0))
        #expect(!watch.output.contains("\u{1b}") && watch.errorOutput.isEmpty)
        #expect(try status.stop() == .exited(0))
    }

    @Test func `top wants a terminal`() throws {
        let process = try dropwire.run(["top"])
        #expect(process.ending == .exited(64))
        #expect(process.errorOutput.contains("it needs a terminal"))
    }
}
