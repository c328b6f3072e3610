import Linux
import TestSupport

/// A procedure of the operator's guide: the block behind `<!-- operate: NAME -->`, which runs beside plain processes, or
/// behind `<!-- operate-systemd: NAME -->`, which needs systemd.
struct Procedure {
    /// What a procedure needs.
    enum Need: String { case processes = "operate", systemd = "operate-systemd" }

    /// The page's name, without its ending.
    let page: String
    let need: Need
    let name: String
    /// The commands, for `sh`.
    let text: String

    private static let folder = "\(BuiltProgram.sourceRoot)/Sources/dropwire/Operations.docc"

    /// The pages' texts, by their names.
    static func pages() throws -> [String: String] {
        var pages: [String: String] = [:]
        let directory = try Directory(path: folder)
        for entry in try directory.entries() where entry.name.description.hasSuffix(".md") {
            let bytes = try directory.open(entry.name).readAll(expected: 16 << 10, limit: 1 << 20)
            pages[String(entry.name.description.dropLast(3))] = String(decoding: bytes, as: UTF8.self)
        }
        return pages
    }

    /// Every procedure of the guide, in the order of each page.
    static func all() throws -> [Procedure] {
        try pages().sorted { $0.key < $1.key }.flatMap { page, text in
            text.matches(of: /<!-- (operate|operate-systemd): ([a-z-]+) -->\n```sh\n((?:.|\n)*?)```/).map { match in
                Procedure(
                    page: page, need: match.output.1 == Need.systemd.rawValue ? .systemd : .processes,
                    name: String(match.output.2), text: String(match.output.3))
            }
        }
    }

    /// The procedure of a name.
    static func named(_ name: String) throws -> Procedure {
        guard let found = try all().first(where: { $0.name == name }) else {
            throw Trouble("the operator's guide has no procedure '\(name)'")
        }
        return found
    }
}
