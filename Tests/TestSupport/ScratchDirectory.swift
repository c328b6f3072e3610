import Glibc
import Synchronization

/// A directory of a test's own, removed with all that is in it when the object goes.
///
/// Names may be any bytes: the functions that take `[UInt8]` are for names that are not UTF-8.
package final class ScratchDirectory: Sendable {
    /// Its path, without a closing slash; short enough for the path of a socket in it.
    package let path: String

    /// Makes an empty directory below the temporary directory.
    package convenience init() throws {
        try self.init(in: getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
    }

    /// Makes an empty directory below `base`.
    package init(in base: String) throws {
        var template = Array("\(base)/dropwire-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(code: errno, operation: "make a scratch directory") }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    private let isKept = Atomic<Bool>(false)

    deinit { if !isKept.load(ordering: .relaxed) { ScratchDirectory.removeTree(Array(path.utf8)) } }

    /// Leaves it there when the object goes, for somebody to look at.
    package func keep() { isKept.store(true, ordering: .relaxed) }

    /// What the operating system refused.
    package struct Failure: Error {
        /// The error number (errno(3)).
        package let code: Int32
        package let operation: String
    }

    /// Returns the path of a name in it.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    // MARK: Files

    /// Writes a file in place, over whatever had the name: a writer that opens, writes and closes.
    package func write(_ bytes: [UInt8], to name: String) throws { try write(bytes, to: Array(name.utf8)) }

    /// Writes a text in place.
    package func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    /// Writes a file in place under a name of any bytes.
    package func write(_ bytes: [UInt8], to name: [UInt8]) throws {
        try put(bytes, to: name, flags: O_WRONLY | O_CREAT | O_TRUNC)
    }

    /// Appends to a file.
    package func append(_ bytes: [UInt8], to name: String) throws {
        try put(bytes, to: Array(name.utf8), flags: O_WRONLY | O_CREAT | O_APPEND)
    }

    /// Writes a file under a hidden name in the same directory and renames it to `name`: a producer that does it well.
    package func dropByRename(_ bytes: [UInt8], to name: String) throws {
        let slash = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        let hidden = "\(name[..<slash]).incoming-\(UInt32.random(in: 0 ... .max)).tmp"
        try write(bytes, to: hidden)
        try rename(hidden, to: name)
    }

    /// Returns a file's time of change of content in nanoseconds since 1970 and its permissions; nil where there is none.
    package func attributes(_ name: String) -> (modified: Int64, mode: UInt32)? {
        var status = stat()
        guard lstat(path(name), &status) == 0 else { return nil }
        return (Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec), status.st_mode & 0o7777)
    }

    /// Returns the size of a file in bytes; nil where there is none.
    package func size(_ name: String) -> Int? {
        var status = stat()
        return lstat(path(name), &status) == 0 ? Int(status.st_size) : nil
    }

    /// Sets permissions.
    package func setMode(_ name: String, _ mode: UInt32) throws {
        guard chmod(path(name), mode) == 0 else { throw Failure(code: errno, operation: "set the mode of \(name)") }
    }

    /// Renames within it, over whatever had the name.
    package func rename(_ from: String, to: String) throws {
        guard Glibc.rename(path(from), path(to)) == 0 else { throw Failure(code: errno, operation: "rename \(from)") }
    }

    /// Gives a file of it a second name.
    package func link(_ from: String, to: String) throws {
        guard Glibc.link(path(from), path(to)) == 0 else { throw Failure(code: errno, operation: "link \(from)") }
    }

    /// Makes a symbolic link with a target as it is given.
    package func symbolicLink(_ target: String, to name: String) throws {
        guard symlink(target, path(name)) == 0 else { throw Failure(code: errno, operation: "make the link \(name)") }
    }

    /// Makes a FIFO.
    package func makePipe(_ name: String) throws {
        guard mkfifo(path(name), 0o644) == 0 else { throw Failure(code: errno, operation: "make the FIFO \(name)") }
    }

    /// Makes a directory with its parents.
    package func makeDirectory(_ name: String) throws {
        var made = path
        for part in name.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o755) == 0 || errno == EEXIST else {
                throw Failure(code: errno, operation: "make \(name)")
            }
        }
    }

    /// Removes a file or an empty directory.
    package func remove(_ name: String) throws {
        guard Glibc.remove(path(name)) == 0 else { throw Failure(code: errno, operation: "remove \(name)") }
    }

    /// Makes one directory under a name of any bytes.
    package func makeDirectory(bytes name: [UInt8]) throws {
        guard mkdir(full(name), 0o755) == 0 else { throw Failure(code: errno, operation: "make a directory") }
    }

    /// Sets a file's times of access and change of content.
    package func setModified(_ name: String, seconds: Int, nanoseconds: Int = 0) throws {
        let time = timespec(tv_sec: seconds, tv_nsec: nanoseconds)
        guard utimensat(AT_FDCWD, path(name), [time, time], 0) == 0 else {
            throw Failure(code: errno, operation: "set the times of \(name)")
        }
    }

    /// Waits until what is written from now on has later times than a file: the file system's clock moves in ticks.
    package func awaitTick(after name: String) throws {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            try write([], to: ".tick")
            let tick = attributes(".tick")
            try remove(".tick")
            if let tick, let file = attributes(name), tick.modified > file.modified { return }
        }
        throw Failure(code: ETIME, operation: "wait for the file system's clock to leave \(name) behind")
    }

    /// Returns a file's bytes; nil where there is none.
    package func read(_ name: String) -> [UInt8]? { read(Array(name.utf8)) }

    /// Returns the bytes of a file with a name of any bytes.
    package func read(_ name: [UInt8]) -> [UInt8]? {
        guard let file = fopen(full(name), "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// Something has the name.
    package func exists(_ name: String) -> Bool { exists(Array(name.utf8)) }

    /// Something has the name of any bytes.
    package func exists(_ name: [UInt8]) -> Bool {
        var status = stat()
        return lstat(full(name), &status) == 0
    }

    /// Returns the names in a directory of it, sorted by their bytes; empty where there is no such directory.
    package func names(in directory: String = "") -> [[UInt8]] {
        ScratchDirectory.names(at: full(Array(directory.utf8))).sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Returns the names in a directory of it as text.
    package func list(_ directory: String = "") -> [String] {
        names(in: directory).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the files in a directory of it, at any depth, that have some bytes in them.
    package func files(below directory: String, containing bytes: [UInt8]) throws -> [String] {
        var found: [String] = []
        for name in list(directory) {
            let below = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path(below), &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                found += try files(below: below, containing: bytes)
            } else if status.st_mode & S_IFMT == S_IFREG, let content = read(below),
                ScratchDirectory.has(content, bytes)
            {
                found.append(below)
            }
        }
        return found
    }

    private static func has(_ content: [UInt8], _ bytes: [UInt8]) -> Bool {
        content.withUnsafeBytes { content in
            guard let base = content.baseAddress, let first = bytes.first else { return bytes.isEmpty }
            var place = 0
            while place + bytes.count <= content.count,
                let found = memchr(base + place, Int32(first), content.count - bytes.count - place + 1)
            {
                if memcmp(found, bytes, bytes.count) == 0 { return true }
                place = base.distance(to: found) + 1
            }
            return false
        }
    }

    /// Glibc's Swift module has no nftw(3).
    private static func removeTree(_ path: [UInt8]) {
        let text = cString(path)
        // A directory that a test made unreadable is opened up first, or its content would stay.
        chmod(text, 0o700)
        for name in names(at: text) {
            let below = path + [UInt8(ascii: "/")] + name
            var status = stat()
            guard lstat(cString(below), &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { removeTree(below) } else { unlink(cString(below)) }
        }
        rmdir(text)
    }

    private static func names(at path: [CChar]) -> [[UInt8]] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \dirent.d_name)!
            let text = start.assumingMemoryBound(to: CChar.self)
            let name = Array(UnsafeRawBufferPointer(start: start, count: strlen(text)))
            if name != [0x2e] && name != [0x2e, 0x2e] { names.append(name) }
        }
        return names
    }

    private static func cString(_ path: [UInt8]) -> [CChar] { (path + [0]).map { CChar(bitPattern: $0) } }

    private func put(_ bytes: [UInt8], to name: [UInt8], flags: Int32) throws {
        let operation = "write \(String(decoding: name, as: UTF8.self))"
        let descriptor = open(full(name), flags | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(code: errno, operation: operation) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            guard count > 0 else { throw Failure(code: errno, operation: operation) }
            written += count
        }
    }

    private func full(_ name: [UInt8]) -> [CChar] {
        ScratchDirectory.cString(Array(path.utf8) + [UInt8(ascii: "/")] + name)
    }
}
