package import Messaging

/// What an operator wants done with failures, by the page, the API or the command line.
package struct FailureChange: Sendable {
    /// Which failures are meant.
    package enum Scope: Sendable, Equatable {
        /// These, given up or not.
        case these([FailureKey])
        /// All that were given up, of one kind where one is named.
        case all(kind: String?)
    }

    package var action: Wish.Action
    package var scope: Scope
    /// Who wants it, as far as that is known; it stands in the results of what is discarded.
    package var by: String?

    /// The most failures that are named in one request.
    package static let limit = 400
    /// The longest name of an operator that is kept, in characters.
    private static let longestName = 80

    /// Makes a change.
    package init(_ action: Wish.Action, _ scope: Scope, by: String? = nil) {
        self.action = action
        self.scope = scope
        self.by = by.map { String($0.prefix(FailureChange.longestName)) }
    }
}

extension FailureChange: Decodable {
    enum CodingKeys: CodingKey { case action, results, all, kind, by }

    /// Reads `{"action":"retry"|"discard","results":[{"kind","stream","epoch","seq"}…]|"all":true}`, with `kind` beside
    /// `all` and `by` where they are meant.
    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        func corrupted(_ key: CodingKeys, _ text: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: members, debugDescription: text)
        }
        let action = try members.decode(Wish.Action.self, forKey: .action)
        let by = try members.decodeIfPresent(String.self, forKey: .by)
        let isAll = try members.decodeIfPresent(Bool.self, forKey: .all) ?? false
        let keys = try members.decodeIfPresent([FailureKey].self, forKey: .results)
        guard isAll == (keys == nil) else {
            throw corrupted(.results, "either 'results' or 'all' says which are meant")
        }
        if let keys {
            guard keys.count <= FailureChange.limit, keys.allSatisfy(\.isPossible) else {
                throw corrupted(.results, "'results' has at most \(FailureChange.limit) places, which count from 1")
            }
            self.init(action, .these(keys), by: by)
        } else {
            self.init(action, .all(kind: try members.decodeIfPresent(String.self, forKey: .kind)), by: by)
        }
    }
}
