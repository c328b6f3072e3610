import Articles
import HTTPClient
package import Linux
import TOML

/// An element of `[[index.webhook]]`: where matches of saved searches are posted.
package struct WebhookConfiguration: Sendable, Equatable {
    /// What it is called: in logs, and by `dropwire webhook`.
    package var name = ""
    /// Where its deliveries are posted, http or https.
    package var url = ""
    /// The saved searches whose matches it gets; none for those of every search.
    package var searches: [String] = []
    /// The file whose content is the key of the signatures; empty for none.
    package var keyFile = ""
    /// The systemd credential (`LoadCredential=`) that is that key; empty for none.
    package var credential = ""
    /// How long one attempt may take.
    package var timeout = Duration.seconds(10)
    /// A delivery that did not succeed for so long is not tried again by itself.
    package var giveUpAfter = Duration.seconds(3 * 86_400)

    package init() {}

    private enum CodingKeys: String, CodingKey {
        case name, url, searches, credential, timeout
        case keyFile = "key_file"
        case giveUpAfter = "give_up_after"
    }

    package init(from decoder: any Decoder) throws {
        let keys = try decoder.container(keyedBy: CodingKeys.self)
        let rule = "must be 1 to 40 of a-z, 0-9, '.', '_' and '-'"
        name = try keys.required(.name) { Topic.isPart($0) ? nil : rule }
        url = try keys.required(.url) { Client.problem(ofURL: $0, beginning: "https:// or http://") }
        searches = try keys.value(.searches, default: searches) { names in
            names.first { !Topic.isPart($0) }.map { "must be names of saved searches, and '\($0)' is none" }
        }
        keyFile = try keys.value(.keyFile, default: keyFile, check: Secret.problem(ofFile:))
        credential = try keys.value(.credential, default: credential, check: Secret.problem(ofCredential:))
        if keyFile.isEmpty == credential.isEmpty {
            try keys.note(
                keyFile.isEmpty ? .keyFile : .credential,
                "the key of its signatures is to be named by one of key_file and credential")
        }
        timeout = try keys.value(.timeout, default: timeout, in: .seconds(1) ... .seconds(60))
        giveUpAfter = try keys.value(.giveUpAfter, default: giveUpAfter, in: .seconds(60) ... .seconds(30 * 86_400))
    }

    /// Reads the key.
    ///
    /// - Throws: ``SecretProblem`` where it cannot be read, or is not as ``WebhookSigner`` takes it.
    package func signer() throws(SecretProblem) -> WebhookSigner {
        let section = "index.webhook '\(name)'"
        guard let key = try Secret.read(file: keyFile, credential: credential, section: section) else {
            throw SecretProblem(description: "\(section): it has no key")
        }
        return try WebhookSigner(key, section: section)
    }
}

extension WebhookConfiguration: Decodable {}
