import Messaging
import Testing

@testable import TOML
@testable import dropwire

@Suite struct ConfigurationTests {
    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try TOMLDocument(text: text, name: "a.toml").decode(Configuration.self)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `an empty file is the defaults`() throws {
        let read = try TOMLDocument(text: "", name: "a.toml").decode(Configuration.self)
        #expect(try read == Configuration())
        #expect(
            read.watch.stream.feed.map(\.description) == [
                "ipc:///run/dropwire/watch/feed.sock", "tcp://127.0.0.1:8471",
            ])
    }

    @Test func `what is named is read, else the first file that is there`() {
        let there = ["/nowhere/a.toml", "/dev/null", "/dev/zero"]
        #expect(Configuration.path(argument: "a", environment: "b", candidates: there) == "a")
        #expect(Configuration.path(argument: nil, environment: "b", candidates: there) == "b")
        #expect(Configuration.path(argument: nil, environment: "", candidates: there) == "/dev/null")
        #expect(Configuration.path(argument: nil, environment: nil, candidates: ["/nowhere/a.toml"]) == nil)
    }

    @Test func `default endpoints follow the runtime directory`() throws {
        let read = try TOMLDocument(
            text: "runtime_directory = \"/tmp/x/\"\n[status.stream]\nlog = [\"tcp://127.0.0.1:9\"]", name: "a.toml"
        ).decode(Configuration.self)
        #expect(read.index.search.map(\.description) == ["ipc:///tmp/x/index/search.sock"])
        #expect(read.status.stream.log.map(\.description) == ["tcp://127.0.0.1:9"])
        #expect(read.status.stream.feed.first?.description == "ipc:///tmp/x/status/feed.sock")
    }

    @Test func `an endpoint may stand alone or in a list, and beyond loopback with a key`() throws {
        let read = try TOMLDocument(
            text: """
                [watch]
                admin = "tcp://127.0.0.1:1"
                [status]
                report = ["tcp://*:2", "tcp://192.0.2.1:2"]
                [security]
                key_file = "/k"
                """, name: "a.toml"
        ).decode(Configuration.self)
        #expect(read.watch.admin.forClients == ["tcp://127.0.0.1:1"])
        #expect(read.status.report.forClients == ["tcp://192.0.2.1:2"])
        #expect(read.status.report.count == 2)
    }

    @Test(arguments: [
        (
            "[watch.stream]\nfeed = [\"tcp://127.0.0.1:1\", \"tcp://0.0.0.0:8471\"]",
            "a.toml:2:30: watch.stream.feed[1]: the endpoint 'tcp://0.0.0.0:8471' would be reachable from other machines"
        ),
        (
            "[status]\nhttp = \"0.0.0.0:80\"",
            "a.toml:2:8: status.http: '0.0.0.0:80' could be reachable from other machines"
        ),
        ("[status]\nhttp = \"127.0.0.1\"", "a.toml:2:8: status.http: expected an address such as"),
        (
            "[status]\nhttps = [\"127.0.0.1:1\"]",
            "a.toml:2:9: status.https: needs tls_certificate and tls_key; or put a proxy"
        ),
        (
            "[status]\nhttps = [\"127.0.0.1:1\", \"0.0.0.0:8443\"]\ntls_certificate = \"/c\"\ntls_key = \"/k\"",
            "a.toml:2:25: status.https[1]: '0.0.0.0:8443' could be reachable from other machines, which need tokens: make"
        ),
        ("[status]\nhttps = [\"news.example:1\"]", "a.toml:2:10: status.https[0]: expected an address such as"),
        ("[status]\ntls_key = \"/k\"", "a.toml:2:11: status.tls_key: TLS needs both"),
        ("[status]\nloopback = \"token\"", "a.toml:2:12: status.loopback: \"token\" needs tokens"),
        ("[status]\ntokens = \"tokens\"", "a.toml:2:10: status.tokens: must be an absolute path"),
        ("[status]\nsocket = \"http.sock\"", "a.toml:2:10: status.socket: must be an absolute path"),
        (
            "[status]\ntrusted_proxies = [\"10.0.0.1/8\"]",
            "a.toml:2:20: status.trusted_proxies[0]: expected an address such as"
        ),
        (
            "[status.limits]\nconnections = 1",
            "a.toml:2:15: status.limits.connections: must be 16 to 20000, is 1"
        ),
        (
            "[index]\nsearch = \"tcp://192.0.2.1:9\"",
            "a.toml:2:10: index.search: the endpoint 'tcp://192.0.2.1:9' would be reachable from other machines, which "
                + "needs CURVE keys: set [security] key_file"
        ),
        (
            "[index]\nsearch = [\"tcp://127.0.0.1:*\"]",
            "a.toml:2:10: index.search: must name at least one endpoint that"
        ),
        ("[index]\nsearch = []", "a.toml:2:10: index.search: must name at least one endpoint"),
        ("[security]\nkey_file = \"key\"", "a.toml:2:12: security.key_file: must be an absolute path"),
        (
            "[security]\nkey_file = \"/k\"\ncredential = \"k\"",
            "a.toml:3:14: security.credential: the key comes from key_file already"
        ),
        ("[watch]\nadmin = \"here\"", "a.toml:2:9: watch.admin: the endpoint 'here' is neither"),
        ("[watch.stream]\nlog = []", "a.toml:2:7: watch.stream.log: must name at least one endpoint"),
        (
            "[watch.stream]\nlog = [\"tcp://127.0.0.1:*\"]",
            "a.toml:2:7: watch.stream.log: must name at least one endpoint that clients can find"
        ),
        ("runtime_directory = \"run\"", "a.toml:1:21: runtime_directory: must be an absolute path, is \"run\""),
        (
            "runtime_directory = \"/\(String(repeating: "x", count: 100))\"",
            "a.toml:1:21: runtime_directory: the endpoint 'ipc:///xxx"
        ),
        ("[deduplicate]\nthreshold = 0", "a.toml:2:13: deduplicate.threshold: must be 0.1 to 1.0, is 0.0"),
        ("[summarize]\nsentences = 0", "a.toml:2:13: summarize.sentences: must be 1 to 100, is 0"),
        ("[summarize]\nlease = \"1s\"", "a.toml:2:9: summarize.lease: must be 5s to 1h, is 1s"),
        ("[summarize]\nabstract = \"above\"", "a.toml:2:12: summarize.abstract: "),
        (
            "[summarize.openai]\nprompt = \"{txt}\"",
            "a.toml:2:10: summarize.openai.prompt: has {txt}; known are {text}, {title}, {language} and {length}"
        ),
        ("[summarize.openai]\nprompt = \"In short.\"", "a.toml:2:10: summarize.openai.prompt: must have {text}"),
        ("[summarize.openai]\nurl = \"localhost:80\"", "a.toml:2:7: summarize.openai.url: must begin with http://"),
        (
            "[summarize.openai]\nurl = \"http://me:secret@llm/v1\"",
            "a.toml:2:7: summarize.openai.url: must not hold a user name or a password"
        ),
        (
            "[summarize.openai]\nkey_file = \"/k\"\ncredential = \"k\"",
            "a.toml:3:14: summarize.openai.credential: the key comes from key_file already"
        ),
        (
            "[summarize]\nbackend = \"openai\"\n[summarize.openai]\nmodel = \"m\"",
            "a.toml:2:11: summarize.backend: openai needs summarize.openai.url"
        ),
        (
            "[summarize]\nlease = \"50s\"\nbackend = \"openai\"\n[summarize.openai]\nurl = \"http://a\"\nmodel = \"m\"",
            "a.toml:2:9: summarize.lease: must be at least twice summarize.openai.timeout"
        ),
        ("[watch]\nmax_log_bytes = \"1kB\"", "a.toml:2:17: watch.max_log_bytes: must be 16MiB to 64TiB, is 1kB"),
        ("[sumarize]", "a.toml:1:2: unknown key 'sumarize'; did you mean 'summarize'?"),
        ("[deduplicate]\ntreshold = 1", "a.toml:2:1: deduplicate: unknown key 'treshold'; did you mean 'threshold'?"),
        (
            "[watch.stream]\nretension = 1",
            "a.toml:2:1: watch.stream: unknown key 'retension'; did you mean 'retention'?"
        ),
    ])
    func `what cannot be used is told with its place`(text: String, expected: String) throws {
        let problems = try problems(text)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix(expected) == true, "\(problems)")
    }
}
