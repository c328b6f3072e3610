import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

@testable import dropwire

private let analyzer = "/usr/bin/systemd-analyze"

/// The units as systemd reads them.
@Suite(.enabled(if: access(analyzer, X_OK) == 0, "systemd-analyze is not there")) struct UnitFileTests {
    /// The units' texts by their names.
    private let units: [String: String]

    init() throws {
        let folder = "\(BuiltProgram.sourceRoot)/systemd"
        var units: [String: String] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where [".service", ".target", ".slice"].contains(where: name.hasSuffix) {
            units[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        }
        self.units = units
    }

    private var services: [String: String] { units.filter { $0.key.hasSuffix(".service") } }

    private func analyze(_ arguments: [String], _ scratch: ScratchDirectory) throws -> TestedProcess {
        let process = try TestedProcess(
            name: "systemd-analyze", command: [analyzer] + arguments,
            environment: ["SYSTEMD_UNIT_PATH": "\(scratch.path):"])
        try process.waitUntilEnded()
        return process
    }

    @Test func `systemd has nothing to say about the units`() throws {
        let scratch = try ScratchDirectory()
        for (name, text) in units {
            // Where the program is installed, there need be none.
            try scratch.write(text.replacing("/usr/bin/dropwire", with: BuiltProgram.path), to: name)
        }
        #expect(units.count == 8)
        for (number, directory) in ["/srv/two words \"x\" 100% a:b \\y", "/home/alice/drop: %n"].enumerated() {
            try scratch.makeDirectory("dropwire-watch.service.d")
            try scratch.write(DropInFile(directory: directory).text, to: "dropwire-watch.service.d/\(number).conf")
        }
        let paths = units.keys.sorted().map { scratch.path($0.replacing("@.", with: "@1.")) }
        let verify = try analyze(["verify", "--man=no"] + paths, scratch)
        // What it does not know is no failure.
        #expect(
            verify.ending == .exited(0) && verify.errorOutput.isEmpty && verify.output.isEmpty, "\(verify.errorOutput)")
    }

    @Test func `no service is exposed more than it has to be, also where other users are told apart`() throws {
        let scratch = try ScratchDirectory()
        let drop = DropInFile(directory: "/home/alice/drop").text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        for (name, text) in services {
            let variants = [
                "": text, "users": text.replacing("PrivateUsers=yes", with: "PrivateUsers=no"),
                // As `dropwire allow` changes it.
                "home": text.replacing("[Install]", with: drop.joined(separator: "\n") + "\n[Install]"),
            ]
            for (variant, text) in variants {
                #expect(variant.isEmpty || text != services[name])
                try scratch.write(text, to: variant + name)
                let security = try analyze(
                    ["security", "--offline=yes", "--no-pager", "--threshold=15", scratch.path(variant + name)], scratch
                )
                #expect(security.ending == .exited(0), "\(name), \(variant): \(security.output.suffix(200))")
            }
        }
        #expect(services.count == 6)
    }

    @Test func `every service has the same sandbox, limits and rules of restarting`() throws {
        // Where the daemon has to say no itself, and where it is fed.
        for (name, text) in services {
            for line in [
                "Type=notify", "Restart=on-failure", "RestartPreventExitStatus=64 78", "WatchdogSec=60",
                "User=dropwire",
                "Slice=dropwire.slice", "LimitNOFILE=65536", "TasksMax=256", "PartOf=dropwire.target",
                "WantedBy=dropwire.target",
            ] { #expect(text.split(separator: "\n").contains(Substring(line)), "\(name): \(line)") }
        }
        func sandbox(_ text: String) -> Substring {
            let start = text.firstRange(of: "# What the process may not do.")!.lowerBound
            return text[start..<text.firstRange(of: "[Install]")!.lowerBound]
        }
        #expect(Set(services.values.map(sandbox)).count == 1)
        // A run-time directory that two units share would go with the first of them that stops.
        let directories = services.values.flatMap { text in
            text.split(separator: "\n").filter { $0.hasPrefix("RuntimeDirectory=") || $0.hasPrefix("StateDirectory=") }
        }
        #expect(directories.count == 11 && Set(directories).count == 11)
    }
}
