import Linux
package import SQLite

/// A database as an earlier version of the program made it: the SQL text of a schema that once was, with rows of a real run.
///
/// The files are `Fixtures/Schemas/STORE-VERSION.sql` beside the tests of the store's target; a word behind the version
/// tells apart what had the same number.
package struct SchemaFixture: Sendable, CustomStringConvertible {
    /// The version in its name.
    package let version: Int64
    private let path: String

    /// The file's name without its ending.
    package let description: String

    /// Returns all fixtures of a store, the earliest version first.
    ///
    /// - Parameter test: a file at the top of the target with the fixtures.
    package static func all(of store: String, besides test: String = #filePath) -> [SchemaFixture] {
        let folder = test.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Fixtures/Schemas"
        let files = (try? Directory(path: folder).entries().map(\.name.description)) ?? []
        return files.sorted().compactMap { file in
            guard let match = file.wholeMatch(of: /(.+?)-(\d+)(-\w+)?\.sql/), match.output.1 == store,
                let version = Int64(match.output.2)
            else { return nil }
            return SchemaFixture(version: version, path: "\(folder)/\(file)", description: String(file.dropLast(4)))
        }
    }

    /// Makes the database on a connection to a file that has no tables yet.
    package func make(on connection: Connection) throws {
        let text = try FileDescriptor(path: path).readAll(expected: 64 << 10, limit: 1 << 20)
        try connection.execute("BEGIN; \(String(decoding: text, as: UTF8.self)); COMMIT")
    }

    /// Makes the database of an earlier version, opens it as its store does, and holds its tables to those that the store
    /// makes where there are none.
    ///
    /// - Parameters:
    ///   - folder: of the test's own, with nothing in it.
    ///   - prepare: what the connection needs before the SQL text is run.
    ///   - open: opens the store at a path.
    /// - Returns: what `open` returned of the earlier database.
    /// - Throws: `Trouble` that names the lines in which the tables differ.
    package func upgrade<Store>(
        in folder: ScratchDirectory, prepare: (Connection) throws -> Void = { _ in }, open: (String) throws -> Store
    ) throws -> Store {
        _ = try open(folder.path("new.sqlite"))
        let earlier = folder.path("earlier.sqlite")
        do {
            let connection = try Connection(path: earlier)
            try prepare(connection)
            try make(on: connection)
        }
        let store = try open(earlier)
        func schema(_ path: String) throws -> Set<String> {
            let connection = try Connection(path: path, mode: .readOnly)
            try prepare(connection)
            return Set(try DatabaseSchema(of: connection).lines)
        }
        let (upgraded, new) = (try schema(earlier), try schema(folder.path("new.sqlite")))
        guard upgraded == new else {
            let missing = new.subtracting(upgraded).sorted().map { "- \($0)" }
            let more = upgraded.subtracting(new).sorted().map { "+ \($0)" }
            throw Trouble("\(self) does not become what is made anew:\n\((missing + more).joined(separator: "\n"))")
        }
        return store
    }
}
