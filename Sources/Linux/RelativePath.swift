/// A path below a directory as the file system has it: bytes, which need not be UTF-8. No leading slash, no NUL.
package struct RelativePath: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The bytes with a closing NUL, as system calls take them.
    let terminated: [UInt8]

    /// Makes a path of bytes without NUL.
    package init(bytes: some Sequence<UInt8>) { self.init(bytes: Array(bytes)[...]) }
    /// Makes a path of bytes without NUL.
    package init(bytes: [UInt8]) { self.init(bytes: bytes[...]) }
    /// Makes a path of bytes without NUL.
    ///
    /// Not generic, as it is called for every file: generic functions of another module are not specialized.
    package init(bytes: ArraySlice<UInt8>) {
        terminated = [UInt8](unsafeUninitializedCapacity: bytes.count + 1) { buffer, count in
            _ = UnsafeMutableBufferPointer(rebasing: buffer[..<bytes.count]).update(fromContentsOf: bytes)
            buffer[bytes.count] = 0
            count = bytes.count + 1
        }
    }
    /// Takes bytes that end with their NUL.
    init(terminated: UnsafeRawBufferPointer) { self.terminated = Array(terminated) }
    /// Makes a path of text.
    package init(_ text: String) { self.init(bytes: text.utf8) }

    /// The bytes.
    package var bytes: ArraySlice<UInt8> { terminated.dropLast() }

    /// The last part.
    package var name: ArraySlice<UInt8> {
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        return slash.map { bytes[($0 + 1)...] } ?? bytes
    }

    /// The directory below which the last part stands; nil for a single part.
    package var parent: RelativePath? {
        bytes.lastIndex(of: UInt8(ascii: "/")).map { RelativePath(bytes: bytes[..<$0]) }
    }

    /// The path with a further part.
    package func appending(_ part: some Sequence<UInt8>) -> RelativePath { appending(Array(part)[...]) }

    /// The path with a further part.
    package func appending(_ part: ArraySlice<UInt8>) -> RelativePath {
        var joined: [UInt8] = []
        joined.reserveCapacity(terminated.count + part.count + 1)
        if !isEmpty {
            joined.append(contentsOf: bytes)
            joined.append(UInt8(ascii: "/"))
        }
        joined.append(contentsOf: part)
        return RelativePath(bytes: joined[...])
    }

    /// The path below another one; the path itself where that is empty.
    package func below(_ directory: RelativePath) -> RelativePath {
        directory.isEmpty ? self : directory.appending(bytes)
    }

    /// There is no part: the directory itself.
    package var isEmpty: Bool { terminated.count == 1 }

    /// The text; bytes that are not UTF-8 are replaced.
    package var description: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes are UTF-8.
    package var isUTF8: Bool { String(validating: bytes, as: UTF8.self) != nil }

    /// All bytes at once; what the compiler would write takes them one by one.
    package func hash(into hasher: inout Hasher) { terminated.withUnsafeBytes { hasher.combine(bytes: $0) } }

    package static func < (left: RelativePath, right: RelativePath) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
