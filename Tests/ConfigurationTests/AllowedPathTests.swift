import Glibc
import TestSupport
import Testing

@testable import dropwire

/// Where a service may be let in, and where not.
@Suite struct AllowedPathTests {
    @Test(arguments: [
        "/", "//", "/etc", "/etc/news", "/srv/../etc/x", "/usr/share/x", "/proc/self", "/run/x", "/dev/shm", "/home",
        "/srv", "/var/lib", "/var/lib/dropwire", "/var/lib/dropwire/watch/x", "/tmp/x", "/var/tmp", "", "/srv/a\nb",
        "/srv/\u{1b}[m", "/srv/\u{fffd}", "/" + String(repeating: "x", count: 1000),
    ])
    func `what is the system's is refused`(path: String) {
        #expect(throws: UsageError.self) { try AllowedPath(path) }
    }

    @Test(arguments: [
        ("/srv/in", "/srv/in"), ("/srv//a/./b/../c/", "/srv/a/c"), ("/home/alice/drop", "/home/alice/drop"),
        ("/etcetera/x", "/etcetera/x"), ("/var/lib/dropwires", "/var/lib/dropwires"),
        ("/srv/two words", "/srv/two words"),
    ])
    func `a directory of the operator's is taken, whole`(named: String, path: String) throws {
        // Where it is not there yet; none of these is on a machine that tests.
        let allowed = try AllowedPath(named)
        #expect(allowed.text == path && allowed.link == nil)
    }

    @Test(.enabled(if: (try? AllowedPath(base)) != nil, "the sources lie where no drop directory may"))
    func `links are followed, and told`() throws {
        let scratch = try ScratchDirectory(in: AllowedPathTests.base)
        try scratch.makeDirectory("real")
        for (link, target) in [("link", "real"), ("system", "/etc"), ("lost", "nowhere")] {
            #expect(symlink(target, scratch.path(link)) == 0)
        }
        try scratch.write("", to: "file")
        let allowed = try AllowedPath(scratch.path("link/new/one"))
        #expect(allowed.text == scratch.path("real/new/one") && !allowed.isThere)
        #expect(allowed.link == scratch.path("link/new/one"))
        #expect(allowed.parents.last == scratch.path("real/new"))
        #expect(try AllowedPath(scratch.path("real")).isThere)
        for refused in ["system/news", "file", "file/below", "lost", "lost/below"] {
            #expect(throws: (any Error).self) { try AllowedPath(scratch.path(refused)) }
        }
    }

    /// Beside what was built, as the temporary directory is refused.
    private static let base = #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/.build"
}
