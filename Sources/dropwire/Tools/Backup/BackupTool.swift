import Articles
import Glibc
import Linux
import Messaging
import SQLite

extension Command {
    static let backup = Command(
        name: "backup",
        summary: "copy the databases of all processes while they run",
        explanation: """
            DIR is made, and is there only when the copy is whole and on the disk. It holds the
            databases of this machine's state directory in a state that fits together, and
            manifest.json with their checksums; `dropwire restore` puts it back. The files in drop
            directories, archives and quarantines are yours to copy. Run it as the user of the
            services, or as root.
            """,
        options: [.config, .json], operands: "DIR",
        examples: [
            Command.Example("sudo dropwire backup /var/backups/dropwire-monday", "Copy everything while it runs.")
        ],
        run: { try BackupTool.run($0) })
}

/// `dropwire backup`.
struct BackupTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1, let target = arguments.operands.first, !target.isEmpty else {
            throw UsageError("one directory is named, which is not there yet")
        }
        let configuration = try Configuration.load(for: arguments)
        let tool = try BackupTool(state: configuration.stateDirectory, target: target)
        let manifest = try tool.make()
        if arguments.has("--json") {
            Output.line(manifest.json)
        } else {
            let count = manifest.files.count
            Output.line("\(count) file\(count == 1 ? "" : "s"), \(manifest.bytes) bytes in \(target)")
        }
        return ExitCode.done
    }

    private let state: String
    private let target: String
    /// Where it is made: beside the target, so that a rename shows it.
    private let partial: String
    private let isShown = isatty(2) == 1

    private init(state: String, target: String) throws {
        let target = target.count > 1 && target.hasSuffix("/") ? String(target.dropLast()) : target
        let slash = target.lastIndex(of: "/")
        let folder = slash.map { target[...$0] } ?? ""
        let name = slash.map { target[target.index(after: $0)...] } ?? target[...]
        self.state = state
        self.target = target
        partial = "\(folder).\(name).\(getpid()).partial"
        guard try Directory.status(path: target) == nil else {
            throw Refused(description: "'\(target)' is there already: name a directory that is not")
        }
    }

    private struct Refused: Error, CustomStringConvertible { let description: String }

    private func make() throws -> BackupManifest {
        let paths = try BackupOrder.databases.filter { try Directory.status(path: "\(state)/\($0)") != nil }
        guard !paths.isEmpty else { throw Refused(description: "there is no database below '\(state)'") }
        try SystemError.check("make the directory '\(partial)'") { mkdir(partial, 0o750) }
        do {
            try checkRoom(for: paths)
            let manifest = try copy(paths)
            try Directory(path: partial).write(manifest.json, to: RelativePath(BackupManifest.name))
            for role in BackupOrder.roles where try Directory.status(path: "\(partial)/\(role)") != nil {
                try Directory(path: "\(partial)/\(role)").sync()
            }
            try Directory(path: partial).sync()
            // A directory that has come there meanwhile is not replaced unless it is empty.
            try SystemError.check("rename to '\(target)'") { rename(partial, target) }
            try Directory(path: parent).sync()
            return manifest
        } catch {
            discard()
            throw error
        }
    }

    private var parent: String {
        guard let slash = target.lastIndex(of: "/") else { return "." }
        return slash == target.startIndex ? "/" : String(target[..<slash])
    }

    /// A disk that cannot hold the copy is not filled first.
    private func checkRoom(for paths: [String]) throws {
        var needed = 64 << 20
        for path in paths {
            needed += try Connection(path: "\(state)/\(path)", mode: .readOnly).bytes
        }
        let space = try FileSystemSpace(path: partial)
        guard space.available >= needed else {
            throw Refused(
                description: "the backup needs \(needed) bytes, and \(space.available) are free at '\(target)'")
        }
    }

    private func copy(_ paths: [String]) throws -> BackupManifest {
        var manifest = BackupManifest(created: Timestamp(milliseconds: Clocks.wallMilliseconds()))
        let oldest = try BackupGap.oldest(of: paths.filter(BackupOrder.logs.contains), in: state)
        for role in BackupOrder.roles where paths.contains(where: { $0.hasPrefix("\(role)/") }) {
            try SystemError.check("make the directory '\(partial)/\(role)'") { mkdir("\(partial)/\(role)", 0o750) }
        }
        for path in paths {
            let source = try Connection(path: "\(state)/\(path)", mode: .readOnly)
            try source.copy(to: "\(partial)/\(path)") { copied, total in
                if isShown { Output.errorText("\r\u{1b}[K\(path): \(copied) of \(total) bytes") }
            }
        }
        if isShown { Output.errorText("\r\u{1b}[K") }
        let book = "\(state)/\(BackupOrder.erasures)"
        if try Directory.status(path: book) != nil {
            let bytes = try FileDescriptor(path: book).readAll(expected: 1 << 20, limit: .max - 1)
            try Directory(path: "\(partial)/watch").write(bytes, to: RelativePath("erasures.jsonl"))
            manifest.files.append(try BackupManifest.describe(BackupOrder.erasures, in: partial))
        }
        for path in paths { manifest.files.append(try BackupManifest.describe(path, in: partial)) }
        for path in paths where BackupOrder.logs.contains(path) {
            let log = try LogReader(path: "\(partial)/\(path)")
            manifest.logs.append(.init(path: path, stream: log.stream, epoch: log.epoch, head: try log.head()))
        }
        if let gap = try BackupGap.find(in: partial, paths, logs: manifest.logs, before: oldest) { throw gap }
        return manifest
    }

    /// Removes what was made of a copy that failed.
    private func discard() {
        let names = BackupOrder.databases + [BackupOrder.erasures, BackupManifest.name]
        for name in names {
            for suffix in ["", "-journal", "-wal", "-shm"] { unlink("\(partial)/\(name)\(suffix)") }
        }
        for role in BackupOrder.roles { rmdir("\(partial)/\(role)") }
        rmdir(partial)
    }
}
