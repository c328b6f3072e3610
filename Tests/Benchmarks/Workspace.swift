import FoundationEssentials
import Glibc
import Linux

/// Where a run of the benchmark writes, and what it reads.
final class Workspace {
    let options: Options
    let corpus: Corpus
    /// The directory of this run. Its path is short: sockets stand in it.
    let path: String
    let loadAtStart: Double
    private var count = 0

    init(_ options: Options) throws {
        self.options = options
        corpus = try options.corpus.map { try Corpus(path: $0) } ?? Corpus.madeUp
        let base = options.scratch ?? getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/dropwire-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(operation: "make a directory in '\(base)'") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var load = [0.0]
        getloadavg(&load, 1)
        loadAtStart = load[0]
    }

    /// Makes an empty directory.
    func folder(_ name: String) throws -> String {
        count += 1
        let made = "\(path)/\(name)-\(count)"
        try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
        return made
    }

    /// Removes a directory that is not needed any more.
    func remove(_ folder: String) {
        if !options.isKept { try? FileManager.default.removeItem(atPath: folder) }
    }

    func remove() {
        if options.isKept { Benchmark.say("kept: \(path)") } else { remove(path) }
    }

    /// Writes files and waits until the disk has them, so that nobody pays for it while he is measured.
    func write(_ files: [(name: String, bytes: [UInt8])], to folder: String) throws {
        for file in files {
            let path = "\(folder)/\(file.name)"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
            guard descriptor >= 0, Glibc.write(descriptor, file.bytes, file.bytes.count) == file.bytes.count else {
                throw SystemError(operation: "write '\(path)'")
            }
            close(descriptor)
        }
        sync()
    }
}
