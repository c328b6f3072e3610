import Linux
import TestSupport
import Testing

/// The operator's guide, done as it stands there.
@Suite struct OperationsTests {
    /// What each test below does, so that no procedure is left out.
    private static let done = [
        "first-file", "first-journey", "group", "make-directory", "add-source", "try-source", "try-journey", "journey",
        "where-is-it", "look", "first-look", "count-outcomes", "look-at-log", "reindex", "collect", "retention",
        "holders", "without-index", "archive", "quiet-hour", "remove-source",
        "before-upgrade", "back", "backup", "nightly", "restore", "drop-again", "move",
        "key", "let-in", "let-out", "new-key", "replace-key", "token", "replace-token",
    ]

    @Test func `every procedure is marked, has a name of its own, and is done by a test`() throws {
        let procedures = try Procedure.all()
        #expect(Set(procedures.map(\.name)).count == procedures.count)
        for (page, text) in try Procedure.pages() {
            let blocks = text.matches(of: /(?m)^```\w+$/).count
            #expect(procedures.count { $0.page == page } == blocks, "\(page) has a block without a mark")
            let long = text.split(separator: "\n").filter { $0.count > 120 && !$0.hasPrefix("|") }
            #expect(long.isEmpty, "\(page)")
        }
        let plain = procedures.filter { $0.need == .processes }.map(\.name)
        #expect(Set(plain) == Set(OperationsTests.done))
        for procedure in procedures where procedure.need == .processes {
            #expect(!procedure.text.contains("systemctl"), "\(procedure.name) needs systemd")
        }
    }

    @Test func `the guide is built by docc, and every link leads somewhere`() throws {
        let scratch = try ScratchDirectory()
        let docc = try TestedProcess(
            name: "docc",
            command: [
                "/usr/bin/env", "docc", "convert", "\(BuiltProgram.sourceRoot)/Sources/dropwire/Operations.docc",
                "--fallback-display-name", "Operations", "--fallback-bundle-identifier", "dropwire.operations",
                "--output-path", scratch.path("guide"), "--warnings-as-errors",
            ])
        #expect(try docc.waitUntilEnded(within: .seconds(60)) == .exited(0), "\(docc.output)\(docc.errorOutput)")
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "a host of its own takes root"))
    func `sources are added and taken away, looked at, and given room`() throws {
        let host = try OperatedHost()
        try host.start()
        try host.operate("first-file")
        try waitUntil("it is through") { (try? host.operate("first-journey"))?.contains("all is well") ?? false }
        try host.operate("group")
        #expect(try host.run("id -nG www-data").contains("dropwire"))
        try host.operate("make-directory")
        #expect(try host.run("getfacl -p /srv/dropwire/agency").contains("default:group:dropwire:rwx"))
        #expect(try host.operate("add-source").contains("/srv/dropwire/agency"))
        #expect(try host.operate("try-source").contains("format     native"))
        try waitUntil("it is published") { try host.operate("try-journey").contains("exact") }
        #expect(try host.operate("journey").contains("The first ferry in two weeks"))
        #expect(try host.operate("where-is-it").contains("published"))
        try waitUntil("all is told") { try host.operate("count-outcomes").contains("2 published") }
        #expect(try host.operate("look-at-log").split(separator: "\n").count == 3)
        try waitUntil("nothing is wrong", within: .seconds(60)) { (try? host.operate("look")) != nil }
        #expect(try !host.operate("first-look").isEmpty)
        // What it says is for whoever waits; that the index is whole shows in what it finds.
        try host.operate("reindex")
        #expect(try host.run("dropwire search --json ferry").contains("Ferry runs again"))
        try host.operate("collect")
        #expect(try host.run("tar -tzf dropwire-report.tar.gz").contains("dropwire-report/doctor"))
        let effective = try host.operate("retention")
        #expect(effective.contains(#"max_log_bytes = "40GiB""#) && effective.contains(#"retention = "14d""#))
        let holders = try host.operate("holders")
        #expect(holders.contains("index") && holders.contains("summarize"))
        try host.operate("without-index")
        try host.operate("archive")
        try host.operate("quiet-hour")
        try host.operate("remove-source")
        try waitUntil("the status says that it is gone") {
            let status = try host.run("dropwire status --json || true")
            return status.contains("/srv/dropwire/incoming") && !status.contains("/srv/dropwire/agency\"")
        }
        try host.stop()
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "a host of its own takes root"))
    func `state is backed up, put back and moved`() throws {
        let host = try OperatedHost()
        try host.start()
        func publish(_ title: String, as name: String) throws {
            let text = "\(title)\\n\\nOf \(title) there is little to say.\\n"
            try host.run("printf '\(text)' | dropwire submit --name \(name) -")
            try waitUntil("\(name) is published") {
                try host.run("dropwire replay --json --from first --topic file/").contains(#""path":"\#(name)""#)
            }
        }
        func articles() throws -> [Substring] {
            try host.run("dropwire replay --json --from first --topic art/ | jq -r .title").split(separator: "\n")
        }
        try publish("Bridge", as: "bridge.txt")
        try host.operate("before-upgrade")
        #expect(try host.operate("backup").contains("bytes in /var/backups/dropwire-"))
        // The night's copy would find today's there.
        try host.run("rm -r /var/backups/dropwire-20*")
        try host.operate("nightly")
        try publish("Ferry", as: "ferry.txt")
        #expect(try articles() == ["Bridge", "Ferry"])

        try host.stop()
        #expect(try host.operate("restore").contains("watch/log.sqlite: epoch 2"))
        try host.start()
        #expect(try articles() == ["Bridge"])
        try host.operate("drop-again")
        try waitUntil("what came after the backup is there again") { try articles() == ["Bridge", "Ferry"] }

        try host.stop()
        try host.operate("move")
        #expect(try host.run("findmnt -no SOURCE /var/lib/dropwire").contains("/big/dropwire"))
        try host.start()
        #expect(try articles() == ["Bridge", "Ferry"])
        try host.stop()

        // Back to before the upgrade, on the new disk.
        try host.operate("back")
        try host.start()
        #expect(try articles() == ["Bridge"])
        try host.stop()
    }

    @Test(.enabled(if: PrivateMounts.arePossible, "a host of its own takes root"))
    func `keys and tokens are made, replaced and taken away`() throws {
        let host = try OperatedHost()
        try host.operate("key")
        try host.operate("token")
        try host.run(#"printf 'loopback = "keys"\n' >> /etc/dropwire/conf.d/security.toml"#)
        try host.start()
        // The other machine's configuration: its own key, and that of this one.
        func look(with key: String) throws -> Bool {
            try host.run(
                """
                mkdir -p desk
                echo "127.0.0.1 $(dropwire keygen --public \(key))" > desk/known_servers
                printf '[security]\\nkey_file = "/root/desk.key"\\nknown_servers = "%s"\\n' "$PWD/desk/known_servers" > desk/desk.toml
                printf '[watch.stream]\\nlog = "tcp://127.0.0.1:8472"\\n' >> desk/desk.toml
                if timeout 20 dropwire replay --config desk/desk.toml --from first > desk/told 2>&1; then echo in; else cat desk/told; fi
                """) == "in\n"
        }
        try host.operate("let-in")
        #expect(try look(with: "/etc/dropwire/key"))
        let before = try host.run("dropwire keygen --public /etc/dropwire/key")
        #expect(try host.operate("new-key") != before)
        try host.operate("replace-key")
        #expect(try host.run("dropwire keygen --public /etc/dropwire/key") != before)
        #expect(try look(with: "/etc/dropwire/key"))
        try host.operate("let-out")
        #expect(try !look(with: "/etc/dropwire/key"))

        let secret = try host.operate("replace-token").split(separator: "\n").first { $0.hasPrefix("dropwire_") }
        let token = try #require(secret)
        let code = "curl -s -o /dev/null -w '%{http_code}' -H 'X-Forwarded-For: 192.0.2.1'"
        let page = "http://127.0.0.1:8470/api/v1/status"
        #expect(try host.run("\(code) \(page)") == "401")
        try waitUntil("the file is read again") {
            try host.run("\(code) -H 'Authorization: Bearer \(token)' \(page)") == "200"
        }
        try host.stop()
    }
}
