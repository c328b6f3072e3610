/// What a peer may do, as the words of `authorized_keys` have it.
package struct AccessRoles: OptionSet, Sendable, Hashable, CustomStringConvertible {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Subscribes to feeds.
    package static let feed = AccessRoles(rawValue: 1)
    /// Reads logs.
    package static let log = AccessRoles(rawValue: 2)
    /// Takes part in shared work.
    package static let claim = AccessRoles(rawValue: 4)
    /// Reports to the status service, and asks it.
    package static let report = AccessRoles(rawValue: 8)
    /// Asks the index.
    package static let search = AccessRoles(rawValue: 16)
    /// Changes things: what an operator does.
    package static let admin = AccessRoles(rawValue: 32)

    /// Everything there is.
    package static let all: AccessRoles = [.feed, .log, .claim, .report, .search, .admin]

    /// Every role with its word.
    static let words: [(word: String, role: AccessRoles)] = [
        ("feed", .feed), ("log", .log), ("claim", .claim), ("report", .report), ("search", .search), ("admin", .admin),
    ]

    /// The words of the roles, in a fixed order.
    package var names: [String] { AccessRoles.words.filter { contains($0.role) }.map(\.word) }

    package var description: String { names.isEmpty ? "none" : names.joined(separator: ",") }
}
