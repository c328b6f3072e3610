import CTOMLPlusPlus
import Glibc

/// A parsed TOML text, or several that were merged, that decodes `Decodable` types, with a place in a file for every
/// error.
///
/// Reads TOML 1.0 by toml++. It does not write TOML, and it has no dates for Swift: a key that holds one is an error
/// that says so. Unknown keys are errors: every key of a table that was decoded must have been asked for.
package struct TOMLDocument: Sendable {
    /// The names that errors give, in the order of reading: paths, or what the caller said.
    package let files: [String]
    let root: Node

    init(files: [String], root: Node) {
        self.files = files
        self.root = root
    }

    /// Reads and parses the file at `path`.
    package init(path: String) throws(TOMLError) {
        try self.init(bytes: TOMLDocument.read(path), name: path)
    }

    /// Parses `text`; errors call it `name`.
    package init(text: String, name: String) throws(TOMLError) {
        try self.init(bytes: Array(text.utf8), name: name)
    }

    init(bytes: [UInt8], name: String) throws(TOMLError) {
        files = [name]
        let document = bytes.withUnsafeBytes { ctoml_parse($0.baseAddress, $0.count) }
        guard let document else { throw .about(file: name, "out of memory") }
        defer { ctoml_free(document) }
        var line: UInt32 = 0
        var column: UInt32 = 0
        if let message = ctoml_error(document, &line, &column) {
            throw TOMLError(problems: [
                .init(file: name, line: Int(line), column: Int(column), key: "", message: String(cString: message))
            ])
        }
        var count = 0
        let values = UnsafeBufferPointer(start: ctoml_values(document, &count), count: count)
        var next = 0
        root = TOMLDocument.node(values, &next, file: name)
    }

    /// Decodes a `T` from the whole document; throws every problem that was found, not only the first.
    package func decode<T: Decodable>(_ type: T.Type) throws(TOMLError) -> T {
        try decodeListing(type).value
    }

    /// Decodes a `T` as ``decode(_:)`` does, and lists every key that was asked for, with the value that it has.
    package func decodeListing<T: Decodable>(_ type: T.Type) throws(TOMLError) -> (value: T, settings: [Setting]) {
        let session = DecodingSession()
        var result: T?
        do {
            result = try TreeDecoder(node: root, path: [], session: session).decode(type)
        } catch {
            session.note(PlacedError(error, at: root, path: []))
        }
        session.noteUnknownKeys(in: root, path: [])
        guard let result, session.problems.isEmpty else { throw TOMLError(problems: session.problems, files: files) }
        return (result, session.settings)
    }

    /// Builds the node at `next` and what hangs on it; the values stand in pre-order.
    private static func node(
        _ values: UnsafeBufferPointer<ctoml_value>, _ next: inout Int, file: String
    ) -> Node {
        let value = values[next]
        next += 1
        let content: Node.Value
        switch Int(value.kind) {
        case CTOML_TABLE:
            content = .table(
                (0..<value.count).map { _ in
                    let child = values[next]
                    return Node.Entry(
                        key: text(child.key, child.key_length),
                        keyPosition: SourcePosition(
                            file: file, line: Int(child.key_line), column: Int(child.key_column)),
                        node: node(values, &next, file: file))
                })
        case CTOML_ARRAY: content = .array((0..<value.count).map { _ in node(values, &next, file: file) })
        case CTOML_STRING: content = .string(text(value.text, value.text_length))
        case CTOML_INTEGER: content = .integer(value.integer)
        case CTOML_FLOAT: content = .number(value.number)
        case CTOML_BOOLEAN: content = .boolean(value.integer != 0)
        default: content = .date(text(value.text, value.text_length))
        }
        return Node(
            position: SourcePosition(file: file, line: Int(value.line), column: Int(value.column)), value: content)
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }

    static func read(_ path: String) throws(TOMLError) -> [UInt8] {
        guard let file = fopen(path, "re") else { throw .about(file: path, String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            bytes += buffer[..<count]
            // A configuration is text that somebody wrote; what is larger is the wrong file.
            guard bytes.count <= 16 << 20 else { throw .about(file: path, "too large for a configuration (16 MiB)") }
            if count < buffer.count {
                guard ferror(file) == 0 else { throw .about(file: path, String(cString: strerror(errno))) }
                return bytes
            }
        }
    }
}
