/// Who a peer is, as its handshake has shown: by the key that it holds, or by the user whom the kernel names.
package enum PeerIdentity: Sendable, Hashable, CustomStringConvertible {
    /// It holds the secret half of this public key.
    case key(String)
    /// It came over a Unix socket; user and primary group of its process.
    case user(UInt32, group: UInt32)
    /// It came over TCP from this machine, without a key.
    case loopback

    /// The text that goes with each of its messages (the property `User-Id`).
    var userID: String {
        switch self {
        case .key(let key): "key \(key)"
        case .user(let user, let group): "uid \(user) \(group)"
        case .loopback: "loopback"
        }
    }

    /// Reads what ``userID`` wrote.
    init?(userID: String) {
        let words = userID.split(separator: " ")
        switch (words.first, words.count) {
        case ("key", 2): self = .key(String(words[1]))
        case ("uid", 3):
            guard let user = UInt32(words[1]), let group = UInt32(words[2]) else { return nil }
            self = .user(user, group: group)
        case ("loopback", 1): self = .loopback
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .key(let key): "the key \(key)"
        case .user(let user, let group): "the user \(user) of the group \(group)"
        case .loopback: "a process without a key"
        }
    }
}
