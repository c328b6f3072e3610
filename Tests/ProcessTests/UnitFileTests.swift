import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

private let analyzer = "/usr/bin/systemd-analyze"

/// The units as systemd reads them.
@Suite(.enabled(if: access(analyzer, X_OK) == 0, "systemd-analyze is not there")) struct UnitFileTests {
    @Test func `systemd has nothing to say about the units`() throws {
        let scratch = try ScratchDirectory()
        let units = "\(BuiltProgram.sourceRoot)/systemd"
        var names: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: units) where !name.hasSuffix(".sysusers") {
            let text = try String(contentsOfFile: "\(units)/\(name)", encoding: .utf8)
            // Where the program is installed, there need be none.
            try scratch.write(text.replacing("/usr/local/bin/dropwire", with: BuiltProgram.path), to: name)
            names.append(scratch.path(name.replacing("@.", with: "@1.")))
        }
        #expect(names.count == 6)
        let verify = try TestedProcess(
            name: "systemd-analyze", command: [analyzer, "verify", "--man=no"] + names.sorted(),
            environment: ["SYSTEMD_UNIT_PATH": "\(scratch.path):"])
        #expect(try verify.waitUntilEnded() == .exited(0))
        // What it does not know is no failure.
        #expect(verify.errorOutput.isEmpty && verify.output.isEmpty, "\(verify.errorOutput)")
    }
}
