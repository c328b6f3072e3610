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
        #expect(read.index.search.description == "ipc:///tmp/x/index/search.sock")
        #expect(read.status.stream.log.map(\.description) == ["tcp://127.0.0.1:9"])
        #expect(read.status.stream.feed.first?.description == "ipc:///tmp/x/status/feed.sock")
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
        ("[index]\nsearch = \"tcp://127.0.0.1:9\"", "a.toml:2:10: index.search: must be an ipc:///PATH endpoint, is"),
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
