import Glibc
import Linux
import ZeroMQ

/// Who may do what: the file `authorized_keys`.
///
/// A line is `curve KEY NAME ROLES`, `uid USER ROLES` or `gid GROUP ROLES`, with the roles separated by commas. Where no
/// line begins with `uid` or `gid`, everybody who may open a Unix socket may do everything there; where one does, nobody
/// else but root and the server's own user may.
package struct AuthorizedKeys: Sendable, Equatable {
    /// A key with what it is called and may do.
    package struct Key: Sendable, Equatable {
        package var name: String
        package var roles: AccessRoles
    }

    package private(set) var keys: [String: Key] = [:]
    package private(set) var users: [UInt32: AccessRoles] = [:]
    package private(set) var groups: [UInt32: AccessRoles] = [:]

    /// A list that admits no key, and whoever may open a Unix socket.
    package init() {}

    /// The list has a word on users: who has no line does not come in.
    package var namesUsers: Bool { !users.isEmpty || !groups.isEmpty }

    /// Reads the file at `path`.
    ///
    /// - Throws: ``SecurityProblem`` that names the first line that says nothing, and what would.
    package init(path: String) throws(SecurityProblem) {
        try self.init(text: SecurityProblem.text(ofFile: path, what: "authorized_keys"), name: path)
    }

    /// Reads a text; `name` stands for the file in what is thrown.
    package init(text: String, name: String) throws(SecurityProblem) {
        for line in ListLine.lines(of: text, name: name) {
            let words = line.words
            switch words[0] {
            case "curve": try add(key: words, line)
            case "uid":
                guard words.count == 3 else { throw line.problem("a user's line is: uid USER ROLES") }
                guard let user = UInt32(words[1]) ?? AuthorizedKeys.user(words[1]) else {
                    throw line.problem("there is no user '\(words[1])'; name one of this machine, or give its number")
                }
                users[user, default: []].formUnion(try AuthorizedKeys.roles(words[2], line))
            case "gid":
                guard words.count == 3 else { throw line.problem("a group's line is: gid GROUP ROLES") }
                guard let group = UInt32(words[1]) ?? AuthorizedKeys.group(words[1]) else {
                    throw line.problem("there is no group '\(words[1])'; name one of this machine, or give its number")
                }
                groups[group, default: []].formUnion(try AuthorizedKeys.roles(words[2], line))
            default: throw line.problem("a line begins with curve, uid or gid, not '\(words[0].prefix(40))'")
            }
        }
    }

    /// What a key or a user may do by this list; nothing where there is no line.
    ///
    /// - Parameter groups: returns all groups of a user, with the one that its process shows.
    package func roles(
        of identity: PeerIdentity, groups groupsOf: (UInt32, UInt32) -> [UInt32] = AuthorizedKeys.groups
    ) -> AccessRoles {
        switch identity {
        case .loopback: return .all
        case .key(let key): return keys[key]?.roles ?? []
        case .user(let user, let group):
            guard namesUsers else { return .all }
            // Root reads the state as it likes, and so does the user whose state it is.
            if user == 0 || user == geteuid() { return .all }
            var roles = users[user] ?? []
            guard !groups.isEmpty else { return roles }
            for group in groupsOf(user, group) { roles.formUnion(groups[group] ?? []) }
            return roles
        }
    }

    private mutating func add(key words: [String], _ line: ListLine) throws(SecurityProblem) {
        guard words.count == 4 else { throw line.problem("a key's line is: curve KEY NAME ROLES") }
        guard CurveKeyPair.isKey(words[1]) else {
            throw line.problem(
                "'\(words[1].prefix(60))' is no public key: those have 40 characters (`dropwire keygen`)")
        }
        if let other = keys[words[1]] { throw line.problem("the key stands above already, as '\(other.name)'") }
        keys[words[1]] = Key(name: words[2], roles: try AuthorizedKeys.roles(words[3], line))
    }

    private static func roles(_ text: String, _ line: ListLine) throws(SecurityProblem) -> AccessRoles {
        var roles: AccessRoles = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let known = AccessRoles.words.first(where: { $0.word == word }) else {
                throw line.problem(
                    "'\(word.prefix(40))' is no role; there are \(AccessRoles.all), separated by commas without spaces")
            }
            roles.insert(known.role)
        }
        return roles
    }

    private static func user(_ name: String) -> UInt32? { getpwnam(name)?.pointee.pw_uid }
    private static func group(_ name: String) -> UInt32? { getgrnam(name)?.pointee.gr_gid }

    /// The groups of a user, as the machine's list of users has them, and the one that its process shows.
    package static func groups(of user: UInt32, and group: UInt32) -> [UInt32] {
        guard let entry = getpwuid(user) else { return [group] }
        var groups = [gid_t](repeating: 0, count: 256)
        var count = Int32(groups.count)
        guard getgrouplist(entry.pointee.pw_name, group, &groups, &count) >= 0 else { return [group] }
        return Array(groups.prefix(Int(count)))
    }
}
