import Glibc
import Linux

/// A socket in the place of the journal's, and what comes by it.
package final class JournalReceiver: Sendable {
    /// The socket's path.
    package let path: String
    private let descriptor: Int32

    /// Binds a socket at a path that nothing has yet.
    package init(path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(operation: "make a socket") }
        let bound = try SocketAddress(path).withPointer { bind(descriptor, $0, $1) }
        guard bound == 0 else { throw SystemError(operation: "bind '\(path)'") }
    }

    deinit { close(descriptor) }

    /// Waits for an entry; returns its fields, or nil where none comes.
    package func next(within limit: Duration = .seconds(20)) throws -> [String: String]? {
        guard !Poll.readable([descriptor], timeout: limit).isEmpty else { return nil }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        guard count >= 0 else { throw SystemError(operation: "read an entry") }
        return try JournalReceiver.fields(buffer[..<count])
    }

    /// Waits for an entry that has a field with a value.
    package func next(_ field: String, _ value: String) throws -> [String: String] {
        var others: [String] = []
        while let entry = try next() {
            if entry[field] == value { return entry }
            others.append(entry["MESSAGE"] ?? "\(entry)")
        }
        throw Trouble("no entry has \(field)=\(value); there are:\n\(others.joined(separator: "\n"))")
    }

    /// Reads an entry as journald does: `NAME=value`, or `NAME`, the length in eight bytes, and so many bytes.
    package static func fields(_ bytes: ArraySlice<UInt8>) throws -> [String: String] {
        var fields: [String: String] = [:]
        var rest = bytes
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0x0a) else { throw Trouble("a field does not end") }
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            let name: String
            let value: String
            if let sign = line.firstIndex(of: UInt8(ascii: "=")) {
                name = String(decoding: line[..<sign], as: UTF8.self)
                value = String(decoding: line[(sign + 1)...], as: UTF8.self)
            } else {
                guard rest.count >= 8 else { throw Trouble("a length is cut off") }
                let length = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                rest = rest.dropFirst(8)
                guard length < rest.count, rest[rest.startIndex + Int(length)] == 0x0a else {
                    throw Trouble("a value has another length")
                }
                name = String(decoding: line, as: UTF8.self)
                value = String(decoding: rest.prefix(Int(length)), as: UTF8.self)
                rest = rest.dropFirst(Int(length) + 1)
            }
            guard name.wholeMatch(of: /[A-Z][A-Z0-9_]{0,63}/) != nil else { throw Trouble("'\(name)' is no field") }
            guard fields.updateValue(value, forKey: name) == nil else { throw Trouble("\(name) stands there twice") }
        }
        return fields
    }
}
