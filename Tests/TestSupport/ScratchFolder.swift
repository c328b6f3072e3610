import Glibc

/// A folder of a test's own, removed when the object goes.
package final class ScratchFolder {
    /// Its path, without a closing slash.
    package let path: String

    /// Makes an empty folder.
    package init() throws {
        var template = Array("/tmp/dropwire-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(errno: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { ScratchFolder.removeTree(path) }

    private static func removeTree(_ path: String) {
        if unlink(path) == 0 { return }
        guard let folder = opendir(path) else { return }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        closedir(folder)
        for name in names { removeTree("\(path)/\(name)") }
        rmdir(path)
    }

    /// Writes a file into the folder, over whatever had the name.
    package func write(_ name: String, _ text: String) throws {
        guard let file = fopen("\(path)/\(name)", "w") else { throw Failure(errno: errno) }
        defer { fclose(file) }
        var text = text
        let written = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
        guard written == text.utf8.count else { throw Failure(errno: errno) }
    }

    /// What the operating system refused.
    package struct Failure: Error {
        package let errno: Int32
    }
}
