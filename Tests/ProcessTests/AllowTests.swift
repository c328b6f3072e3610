import Articles
import FoundationEssentials
import Glibc
import Linux
import TestSupport
import Testing

/// `dropwire allow` on an /etc and a /srv of the test's own, with the user that the package makes.
@Suite(.enabled(if: PrivateMounts.arePossible, "mounts of one's own take root"), .timeLimit(.minutes(20)))
struct AllowTests {
    /// A machine on which the package was installed: its changes are gone with the test.
    private struct Machine {
        let scratch: ScratchDirectory

        init() throws {
            scratch = try ScratchDirectory()
            try PrivateMounts.mountSmall(scratch.path, bytes: 8 << 20)
            try PrivateMounts.mountChangeable("/etc", scratch: scratch.path)
            try PrivateMounts.mountSmall("/srv", bytes: 1 << 20)
            let users = BuiltProgram.sourceRoot + "/systemd/dropwire.sysusers"
            #expect(try run(["/usr/bin/systemd-sysusers", users]).ending == .exited(0))
            for folder in ["/etc/dropwire", "/etc/dropwire/conf.d"] { #expect(mkdir(folder, 0o755) == 0) }
            try scratch.write("", to: "changes/dropwire/dropwire.toml")
        }

        @discardableResult
        func run(_ command: [String]) throws -> TestedProcess {
            let process = try TestedProcess(name: command[0], command: command)
            try process.waitUntilEnded()
            return process
        }

        func allow(_ arguments: String...) throws -> TestedProcess {
            try run([BuiltProgram.path, "allow"] + arguments)
        }

        /// Runs a shell's line as a user.
        func may(_ user: String, _ line: String) throws -> Bool {
            try run(["/usr/bin/setpriv", "--reuid=\(user)", "--regid=nogroup", "--init-groups", "/bin/sh", "-c", line])
                .ending == .exited(0)
        }

        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    }

    /// The steps, as the words of `--json` name them.
    private func steps(_ process: TestedProcess) throws -> [String] {
        let answer = try JSONDecoder().decode(JSONValue.self, from: Data(process.output.utf8))
        return try #require(answer["steps"]?.arrayValue).compactMap { $0["do"]?.stringValue }
    }

    private func run(_ body: @escaping @Sendable (Machine) throws -> Void) throws {
        try PrivateMounts.run { try body(Machine()) }
    }

    @Test func `a directory is made for the service and a user, and configured; a second time changes nothing`() throws
    {
        try run { machine in
            let planned = try machine.allow(
                "--dry-run", "--json", "--user", "games", "--configure", "/srv/news/two words")
            #expect(try steps(planned) == ["write", "make", "admit", "write"])
            #expect(access("/srv/news", F_OK) != 0 && access("/etc/systemd/system/dropwire-watch.service.d", F_OK) != 0)

            let done = try machine.allow("--user", "games", "--configure", "/srv/news/two words")
            #expect(done.ending == .exited(0), "\(done.errorOutput)")
            var made = stat()
            #expect(stat("/srv/news/two words", &made) == 0 && made.st_mode & 0o7777 == 0o2770)
            let name = "allow-srv-news-two\\x20words"
            let dropIn = try machine.text("/etc/systemd/system/dropwire-watch.service.d/\(name).conf")
            #expect(dropIn.contains("\nReadWritePaths=\"-/srv/news/two words\"\n"))
            #expect(
                try machine.text("/etc/dropwire/conf.d/\(name).toml").hasSuffix("path = \"/srv/news/two words\"\n"))
            // A producer that keeps what it makes to itself: the service reads it all the same, and others do not.
            #expect(try machine.may("games", "umask 077 && echo words > '/srv/news/two words/a.txt'"))
            #expect(
                try machine.may(
                    "dropwire", "cd '/srv/news/two words' && cat a.txt && mkdir .done && mv a.txt .done/"))
            #expect(try !machine.may("nobody", "ls '/srv/news/two words'"))

            let again = try machine.allow("--json", "--user", "games", "--configure", "/srv/news/two words")
            #expect(try steps(again) == [])
            let listed = try machine.allow("--list")
            #expect(listed.output == "dropwire-watch.service  /srv/news/two words\n")

            let removed = try machine.allow("--remove", "--json", "/srv/news/two words")
            #expect(try steps(removed) == ["remove", "remove"])
            #expect(access("/srv/news/two words/.done/a.txt", F_OK) == 0)
            #expect(try machine.allow("--list").output == "")
            #expect(try machine.allow("--remove", "/srv/news/two words").ending == .exited(64))
        }
    }

    @Test func `a directory that is there keeps its owner, and the service gets in`() throws {
        try run { machine in
            #expect(mkdir("/srv/theirs", 0o755) == 0)
            try machine.run(["/usr/bin/chown", "games:games", "/srv/theirs"])
            #expect(try !machine.may("dropwire", "touch /srv/theirs/x"))
            #expect(try steps(machine.allow("--json", "/srv/theirs")) == ["admit", "write"])
            var there = stat()
            #expect(stat("/srv/theirs", &there) == 0 && there.st_uid != 0)
            #expect(try machine.may("games", "umask 077 && echo words > /srv/theirs/a.txt"))
            #expect(try machine.may("dropwire", "cat /srv/theirs/a.txt && rm /srv/theirs/a.txt"))
            #expect(try steps(machine.allow("--json", "/srv/theirs")) == [])
        }
    }

    @Test func `an instance gets a configuration of its own, that holds`() throws {
        try run { machine in
            let done = try machine.allow("--instance", "paris", "--configure", "/srv/paris")
            #expect(done.ending == .exited(0), "\(done.errorOutput)")
            let main = "/etc/dropwire/watch@paris/dropwire.toml"
            let checked = try machine.run([BuiltProgram.path, "check-config", "--effective", "--config", main])
            for line in [
                "state_directory = \"/var/lib/dropwire/watch@paris\"", "name = \"paris\"", "path = \"/srv/paris\"",
                "admin = [\"ipc:///run/dropwire/watch@paris/watch/admin.sock\"]",
            ] { #expect(checked.output.contains(line), "\(checked.output)") }
            let folder = "/etc/systemd/system/dropwire-watch@paris.service.d"
            #expect(access("\(folder)/allow-srv-paris.conf", R_OK) == 0)
            #expect(
                try machine.allow("--list", "--instance", "paris").output
                    == "dropwire-watch@paris.service  /srv/paris\n")
            #expect(try machine.allow("--list", "--instance", "rome").output == "")
        }
    }

    @Test func `what would not work is told`() throws {
        try run { machine in
            #expect(mkdir("/srv/closed", 0o700) == 0)
            let closed = try machine.allow("/srv/closed/in")
            #expect(closed.output.contains("dropwire does not get through '/srv/closed'"))
            #expect(closed.output.contains("    [[watch.drop]]\n    path = \"/srv/closed/in\"\n"))
            // An archive that is another mount, to which nothing is moved.
            for folder in ["/srv/in", "/srv/in/.done"] { #expect(mkdir(folder, 0o777) == 0) }
            try PrivateMounts.mountSmall("/srv/in/.done", bytes: 1 << 16)
            #expect(try machine.allow("/srv/in").output.contains("'/srv/in/.done' is another mount: files are copied"))
            // A mistake that stands there already: nothing is changed.
            try machine.scratch.write("nonsense = 1\n", to: "changes/dropwire/conf.d/a.toml")
            let refused = try machine.allow("--configure", "/srv/other")
            #expect(refused.ending == .exited(78) && access("/srv/other", F_OK) != 0)
            #expect(refused.errorOutput.contains("/etc/dropwire/conf.d/a.toml:1:1"))
            #expect(try machine.allow("--user", "nobody-here", "/srv/x").ending == .exited(64))
            #expect(try machine.allow("/etc/x").ending == .exited(64))
            #expect(try !machine.may("games", "'\(BuiltProgram.path)' allow /srv/x"))
        }
    }

    @Test func `a configuration that the directory would break is left as it was`() throws {
        try run { machine in
            try machine.scratch.write(
                "[[watch.drop]]\npath = \"/srv/news\"\n", to: "changes/dropwire/dropwire.toml")
            let refused = try machine.allow("--configure", "/srv/news/today")
            #expect(refused.ending == .exited(78) && refused.errorOutput.contains("lies in '/srv/news'"))
            #expect(access("/etc/dropwire/conf.d/allow-srv-news-today.toml", F_OK) != 0)
            #expect(access("/srv/news", F_OK) != 0 && access("/etc/systemd/system/dropwire-watch.service.d", F_OK) != 0)
            #expect(try machine.run([BuiltProgram.path, "check-config"]).ending == .exited(0))
        }
    }
}
