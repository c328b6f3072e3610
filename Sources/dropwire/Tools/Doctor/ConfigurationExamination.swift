import Glibc
import Ingestion
import Messaging
import Status
import Summarization

/// The configuration, and the files with secrets that it names.
struct ConfigurationExamination {
    let findings: [Finding]

    init(_ loaded: LoadedConfiguration) {
        let configuration = loaded.configuration
        let name = "configuration"
        var findings: [Finding] = []
        findings.append(
            .fine(
                name,
                loaded.files.isEmpty ? "no file is there, the defaults hold" : loaded.files.joined(separator: ", ")))
        if configuration.watch.settings.directories.isEmpty {
            findings.append(
                .bad(name, "there is no drop directory", "add one with [[watch.drop]] path = \"/…\""))
        }
        let secrets = [
            ("security.key_file", configuration.security.settings.keyFile),
            ("summarize.openai.key_file", configuration.summarize.settings.openAI.keyFile),
            ("status.tls_key", configuration.status.settings.key),
        ]
        for (key, path) in secrets where !path.isEmpty {
            findings.append(ConfigurationExamination.look(atSecret: path, key))
        }
        let tokens = configuration.status.settings.tokens
        if !tokens.isEmpty { findings.append(ConfigurationExamination.look(atTokens: tokens)) }
        self.findings = findings
    }

    private static func look(atTokens path: String) -> Finding {
        do throws(TokenProblem) {
            let count = try TokenFile(path: path).read().entries.count
            return .fine("status.tokens", "'\(path)' has \(count) token\(count == 1 ? "" : "s")")
        } catch {
            return .bad("status.tokens", "\(error)", "mend it; `dropwire token` makes, lists and removes tokens")
        }
    }

    private static func look(atSecret path: String, _ key: String) -> Finding {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return .bad(
                key, "'\(path)' cannot be looked at: \(String(cString: strerror(errno)))", "make it, or mend the path")
        }
        let others = status.st_mode & 0o077
        guard others == 0 else {
            let digits = String(status.st_mode & 0o777, radix: 8)
            return .bad(key, "'\(path)' has mode \(digits): others can read a secret", "chmod 600 '\(path)'")
        }
        return .fine(key, "'\(path)' is its owner's alone")
    }
}
