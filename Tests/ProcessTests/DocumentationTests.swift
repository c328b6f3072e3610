import Articles
import FoundationEssentials
import Linux
import TestSupport
import Testing

/// The documentation of the client library, made by the toolchain as whoever builds on it would make it.
@Suite struct DocumentationTests {
    private let scratch: ScratchDirectory
    private let sources = "\(BuiltProgram.sourceRoot)/Sources"

    init() throws { scratch = try ScratchDirectory() }

    /// Runs a tool of the toolchain to its end.
    private func run(_ command: [String]) throws {
        let process = try TestedProcess(name: command[0], command: ["/usr/bin/env"] + command)
        #expect(
            try process.waitUntilEnded(within: .seconds(120)) == .exited(0), "\(process.output)\(process.errorOutput)")
    }

    private func moduleMaps(in directory: String, _ name: (String) -> Bool) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).filter(name)
            .map { "\(directory)/\($0)/module.modulemap" }.filter { FileManager.default.fileExists(atPath: $0) }
    }

    @Test func `every public symbol is documented, and every link leads somewhere`() throws {
        let maps =
            try moduleMaps(in: sources) { $0.hasPrefix("C") }
            + moduleMaps(in: BuiltProgram.folder) { $0.hasSuffix(".build") }
        try scratch.makeDirectory("graphs")
        for module in ["DropwireClient", "Articles"] {
            try scratch.makeDirectory("graphs/\(module)")
            try run(
                [
                    "swift", "symbolgraph-extract", "-module-name", module, "-target", "x86_64-unknown-linux-gnu",
                    "-minimum-access-level", "public", "-output-dir", scratch.path("graphs/\(module)"), "-I",
                    "\(BuiltProgram.folder)/Modules",
                ] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] })
            let graph = try JSONReader.read(#require(scratch.read("graphs/\(module)/\(module).symbols.json")))
            let symbols = try #require(graph["symbols"]?.arrayValue)
            #expect(symbols.count > 50)
            let silent = symbols.filter { symbol in
                // What the compiler and the standard library make has words of their own, or none.
                symbol["docComment"] == nil && symbol["location"] != nil
                    && symbol["identifier"]?["precise"]?.stringValue?.contains("::SYNTHESIZED::") == false
            }
            #expect(silent.isEmpty, "\(silent.map { $0["pathComponents"] as Any })")
        }
        try run([
            "docc", "convert", "\(sources)/DropwireClient/DropwireClient.docc", "--additional-symbol-graph-dir",
            scratch.path("graphs/DropwireClient"), "--fallback-display-name", "DropwireClient",
            "--fallback-bundle-identifier", "dropwire.client", "--output-path", scratch.path("documentation"),
            "--warnings-as-errors",
        ])
    }
}
