import Linux
import TOML
import TestSupport
import Testing
import Webhooks

@Suite struct WebhookConfigurationTests {
    private struct File: Decodable {
        var webhook: [WebhookConfiguration]
    }

    private func problems(_ lines: String) -> String {
        do {
            _ = try TOMLDocument(text: "[[webhook]]\n" + lines, name: "a.toml").decode(File.self)
            return ""
        } catch { return "\(error)" }
    }

    @Test(
        arguments: [
            ("name = \"A b\"\nurl = \"https://a.example/\"\nkey_file = \"/k\"", "a.toml:2:8"),
            ("name = \"a\"\nurl = \"ftp://a.example/\"\nkey_file = \"/k\"", "must begin with https:// or http://"),
            ("name = \"a\"\nurl = \"https://me:pw@a.example/\"\nkey_file = \"/k\"", "must not hold a user name"),
            ("name = \"a\"\nurl = \"https://a.example/\"", "named by one of key_file and credential"),
            (
                "name = \"a\"\nurl = \"https://a.example/\"\nkey_file = \"/k\"\ncredential = \"c\"",
                "named by one of key_file and credential"
            ),
            ("name = \"a\"\nurl = \"https://a.example/\"\nkey_file = \"k\"", "must be an absolute path"),
            (
                "name = \"a\"\nurl = \"https://a.example/\"\nkey_file = \"/k\"\nsearches = [\"x\", \"Y\"]",
                "'Y' is none"
            ),
            ("url = \"https://a.example/\"\nkey_file = \"/k\"", "name"),
        ])
    func `what cannot be is told with its place`(lines: String, message: String) {
        #expect(problems(lines).contains(message))
    }

    @Test func `a whole table is read`() throws {
        #expect(
            problems(
                "name = \"a\"\nurl = \"https://a.example/in?x=1\"\nkey_file = \"/k\"\nsearches = [\"x\"]\n"
                    + "timeout = \"5s\"\ngive_up_after = \"1d\"") == "")
    }

    @Test(arguments: ["secret", "whsec_", "whsec_abc=", "whsec_c2hvcnQ=", "whsec_not base64"])
    func `a key that is none is told without showing it`(key: String) throws {
        let folder = try ScratchDirectory()
        try folder.write(key + "\n", to: "key")
        var configuration = WebhookConfiguration()
        configuration.name = "desk"
        configuration.keyFile = folder.path("key")
        let error = #expect(throws: SecretProblem.self) { try configuration.signer() }
        #expect(error?.description.hasPrefix("index.webhook 'desk'") == true)
        #expect(error?.description.contains("'\(key)'") == false)
    }
}
