import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

@testable import dropwire

private let tools = ["/usr/bin/dpkg-buildpackage", "/usr/bin/dh", "/usr/bin/fakeroot", "/usr/bin/lintian"]

/// The Debian package, of the program as it was built for the tests, by the ordinary tools.
@Suite(.enabled(if: tools.allSatisfy { access($0, X_OK) == 0 }, "the tools of Debian are not there"))
struct PackageTests {
    private static let root = BuiltProgram.sourceRoot

    @discardableResult
    private func run(
        _ command: [String], environment: [String: String] = [:], within limit: Duration = .seconds(240)
    ) throws -> TestedProcess {
        let process = try TestedProcess(name: command[0], command: command, environment: environment)
        guard try process.waitUntilEnded(within: limit) == .exited(0) else {
            throw Trouble("\(command.joined(separator: " ")):\n\(process.output)\(process.errorOutput)")
        }
        return process
    }

    /// Builds the package of a source tree, quickly: what it says of itself is the same, but it is compressed less.
    private func build(_ program: String, of tree: String, to output: String, umask: String, zone: String) throws
        -> String
    {
        let line = "umask \(umask) && exec '\(tree)/systemd/package' --binary '\(program)' --version 1.2.3 '\(output)'"
        let process = try run(
            ["/bin/bash", "-c", line],
            environment: [
                "DPKG_DEB_COMPRESSOR_TYPE": "gzip", "DPKG_DEB_COMPRESSOR_LEVEL": "1", "TZ": zone,
                "DEB_BUILD_OPTIONS": "noautodbgsym", "SOURCE_DATE_EPOCH": "1790000000",
            ])
        return try #require(process.output.split(separator: "\n").last.map(String.init))
    }

    @Test(.timeLimit(.minutes(20)))
    func `the package is whole and clean, and the same bytes wherever and whenever it is built`() throws {
        let scratch = try ScratchDirectory()
        let program = scratch.path("dropwire")
        try run(["\(PackageTests.root)/Tests/ProcessTests/Systemd/relink", BuiltProgram.folder, program])
        let package = try build(
            program, of: PackageTests.root, to: scratch.path("one"), umask: "022", zone: "UTC")
        #expect(package.hasSuffix("/dropwire_1.2.3_\(try architecture()).deb"))
        // Beside what follows: it takes as long.
        let lintian = try TestedProcess(
            name: "lintian", command: ["/usr/bin/lintian", "--allow-root", "--tag-display-limit", "0", package])
        try checkContents(package)
        try checkControl(package, scratch)

        // Elsewhere, for somebody else, on another day by the clock on the wall.
        try scratch.makeDirectory("elsewhere")
        for name in ["Package.swift", "README.md", "Config", "systemd", "Sources"] {
            try run(["/bin/cp", "-R", "\(PackageTests.root)/\(name)", scratch.path("elsewhere/")])
        }
        let again = try build(
            program, of: scratch.path("elsewhere"), to: scratch.path("two"), umask: "077", zone: "Pacific/Kiritimati")
        try run(["/usr/bin/cmp", package, again])

        #expect(try lintian.waitUntilEnded(within: .seconds(240)) == .exited(0))
        let words = lintian.output.split(separator: "\n").filter { $0.hasPrefix("E:") || $0.hasPrefix("W:") }
        #expect(words.isEmpty, "\(words.joined(separator: "\n"))")
    }

    private func architecture() throws -> String {
        try run(["/usr/bin/dpkg", "--print-architecture"]).output.filter { !$0.isNewline }
    }

    /// Everything that an operator looks for is there, and nothing lies where a package has no business.
    private func checkContents(_ package: String) throws {
        let listing = try run(["/usr/bin/dpkg-deb", "-c", package]).output
        // -rw-r--r-- root/root 2384 2026-11-30 11:10 ./etc/x
        let entries = listing.split(separator: "\n").compactMap { line -> (mode: Substring, path: String)? in
            let fields = line.split(separator: " ")
            guard fields.count >= 6, fields[1] == "root/root" else { return nil }
            return (fields[0], String(fields[5].dropFirst()))
        }
        #expect(entries.count == listing.split(separator: "\n").count)
        let files = Set(entries.filter { !$0.mode.hasPrefix("d") }.map(\.path))
        let units = try FileManager.default.contentsOfDirectory(atPath: "\(PackageTests.root)/systemd").filter { name in
            [".service", ".target", ".slice"].contains(where: name.hasSuffix)
        }
        let pages = ["dropwire"] + Dropwire.commands.map { "dropwire-\($0.name)" }
        let wanted =
            units.map { "/lib/systemd/system/\($0)" } + pages.map { "/usr/share/man/man1/\($0).1.gz" } + [
                "/usr/bin/dropwire", "/usr/libexec/dropwire/swift-backtrace", "/etc/dropwire/dropwire.toml",
                "/usr/lib/sysusers.d/dropwire.conf", "/usr/share/man/man5/dropwire.toml.5.gz",
                "/usr/share/bash-completion/completions/dropwire", "/usr/share/zsh/vendor-completions/_dropwire",
                "/usr/share/fish/vendor_completions.d/dropwire.fish", "/usr/share/dropwire/prometheus-alerts.yml",
                "/usr/share/dropwire/grafana-dashboard.json", "/usr/share/dropwire/record.schema.json",
                "/usr/share/dropwire/demo/01-harbour-bridge.txt", "/usr/share/doc/dropwire/README.md",
                "/usr/share/doc/dropwire/guide/Messaging.docc/Wire.md",
            ]
        #expect(Set(wanted).subtracting(files).isEmpty)
        #expect(units.count == 8)
        let places = ["/etc/dropwire/", "/lib/systemd/system/", "/usr/"]
        #expect(files.allSatisfy { path in places.contains { path.hasPrefix($0) } && !path.hasPrefix("/usr/local/") })
        #expect(entries.allSatisfy { ["drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"].contains($0.mode) })
        #expect(entries.contains { $0.path == "/etc/dropwire/conf.d/" })
    }

    /// What it needs, its one file that the operator changes, and its scripts.
    private func checkControl(_ package: String, _ scratch: ScratchDirectory) throws {
        try run(["/usr/bin/dpkg-deb", "-e", package, scratch.path("control")])
        func text(_ name: String) -> String { String(decoding: scratch.read("control/\(name)") ?? [], as: UTF8.self) }
        #expect(text("conffiles") == "/etc/dropwire/dropwire.toml\n")
        let depends = try #require(text("control").split(separator: "\n").first { $0.hasPrefix("Depends: ") })
        for library in ["libzmq5", "libsqlite3-0", "libmicrohttpd12", "libsystemd0", "tzdata", "acl"] {
            #expect(depends.contains(library))
        }
        for script in ["postinst", "prerm", "postrm"] {
            #expect(text(script).hasPrefix("#!/bin/sh\nset -e\n") && !text(script).contains("#DEBHELPER#"))
            try run(["/bin/sh", "-n", scratch.path("control/\(script)")])
        }
        // An upgrade stops nothing before the new program is there.
        #expect(!text("prerm").contains("upgrade)") && scratch.read("control/preinst") == nil)
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "mounts of one's own take root"))
    func `a package that is removed leaves everything, a purge its state only, and what users dropped stays`() throws {
        try PrivateMounts.run {
            let scratch = try ScratchDirectory()
            try PrivateMounts.mountSmall(scratch.path, bytes: 8 << 20)
            try PrivateMounts.mountChangeable("/etc", scratch: scratch.path)
            try PrivateMounts.mountSmall("/var/lib", bytes: 8 << 20)
            let state = [
                "watch/log.sqlite", "watch@paris/watch/log.sqlite", "deduplicate/state.sqlite",
                "summarize/1/worker-owner",
                "status/results.sqlite",
            ].map { "/var/lib/dropwire/\($0)" }
            let written = [
                "/etc/dropwire/conf.d/allow-srv-in.toml",
                "/etc/systemd/system/dropwire-watch.service.d/allow-srv-in.conf",
                "/etc/dropwire/watch@paris/conf.d/allow-srv-paris.toml", "/etc/dropwire/watch@paris/dropwire.toml",
                "/etc/systemd/system/dropwire.target.wants/dropwire-watch@paris.service",
            ]
            // A drop directory that somebody put there, and another one within the state of a role.
            let dropped = ["incoming/a.txt", "index/news/.quarantine/b.txt", "index/index.sqlite"].map {
                "/var/lib/dropwire/\($0)"
            }
            let operators = ["/etc/dropwire/key", "/etc/systemd/system/dropwire-watch.service.d/override.conf"]
            for path in state + written + dropped + operators {
                let folder = path[..<path.lastIndex(of: "/")!]
                try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
                try Data("x".utf8).write(to: URL(filePath: path))
            }
            func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
            let script = "\(PackageTests.root)/systemd/debian/postrm"
            try run(["/bin/sh", script, "remove"])
            #expect((state + written + dropped + operators).allSatisfy(isThere))
            let purge = try run(["/bin/sh", script, "purge"])
            #expect(purge.errorOutput.contains("/var/lib/dropwire/index stays, a drop directory is in it"))
            #expect(!(state + written).contains(where: isThere))
            #expect((dropped + operators).allSatisfy(isThere))
            #expect(!isThere("/var/lib/dropwire/summarize") && !isThere("/etc/dropwire/conf.d"))
            // Once more, as dpkg does where it was interrupted.
            try run(["/bin/sh", script, "purge"])
        }
    }
}
