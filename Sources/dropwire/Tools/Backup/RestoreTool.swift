import Articles
import Glibc
import Linux
import Messaging
import SQLite

extension Command {
    static let restore = Command(
        name: "restore",
        summary: "put a backup back into an empty state directory",
        explanation: """
            Every file is held to its checksum first. No process may run, and the state directory may
            hold no database yet; a book of erasures (watch/erasures.jsonl) that stands there stays,
            and the next start erases again what it says. Each log begins a new epoch behind its last
            record, so that consumers which had read further are told, and go on there.
            """,
        options: [.config, .json], operands: "DIR",
        examples: [
            Command.Example(
                "sudo -u dropwire dropwire restore /var/backups/dropwire-monday",
                "Put a copy back, as the user of the services.")
        ],
        run: { try RestoreTool.run($0) })
}

/// `dropwire restore`.
struct RestoreTool {
    static func run(_ arguments: ParsedArguments) throws -> Int32 {
        guard arguments.operands.count == 1, let source = arguments.operands.first else {
            throw UsageError("the directory of one backup is named")
        }
        let configuration = try Configuration.load(for: arguments)
        let tool = RestoreTool(
            source: source, state: configuration.stateDirectory, manifest: try BackupManifest(directory: source))
        try tool.verify()
        let logs = try tool.restore()
        if arguments.has("--json") {
            var manifest = tool.manifest
            manifest.logs = logs
            Output.line(manifest.json)
        } else {
            Output.line("\(tool.manifest.files.count) files of \(tool.manifest.created) are back in \(tool.state)")
            for log in logs { Output.line("\(log.path): epoch \(log.epoch), up to record \(log.head)") }
        }
        return ExitCode.done
    }

    private let source: String
    private let state: String
    private let manifest: BackupManifest
    /// What a file is called until all are there.
    private static let suffix = ".restoring"

    private struct Refused: Error, CustomStringConvertible { let description: String }

    /// Holds every file to its checksum.
    private func verify() throws {
        for file in manifest.files {
            let found = try BackupManifest.describe(file.path, in: source)
            guard found.bytes == file.bytes, found.sha256 == file.sha256 else {
                throw Refused(description: "'\(source)/\(file.path)' is not what was backed up: nothing is restored")
            }
        }
    }

    private func restore() throws -> [BackupManifest.Log] {
        let roles = Set(manifest.files.compactMap { $0.path.split(separator: "/").first.map(String.init) }).sorted()
        // A running process would write into what is put back.
        let locks = try roles.map { try StateLock(directory: "\(state)/\($0)") }
        defer { withExtendedLifetime(locks) {} }
        for path in BackupOrder.databases where try Directory.status(path: "\(state)/\(path)") != nil {
            throw Refused(
                description: "'\(state)/\(path)' is there: a backup is restored into an empty state directory only")
        }
        let space = try FileSystemSpace(path: state)
        guard space.available >= manifest.bytes + 64 << 20 else {
            throw Refused(
                description: "the backup has \(manifest.bytes) bytes, and \(space.available) are free at '\(state)'")
        }
        var files: [BackupManifest.File] = []
        for file in manifest.files {
            if file.path == BackupOrder.erasures, try Directory.status(path: "\(state)/\(file.path)") != nil {
                continue
            }
            try copy(file)
            files.append(file)
        }
        try checkVersions(files)
        var logs: [BackupManifest.Log] = []
        for var log in manifest.logs {
            let connection = try Connection(path: "\(state)/\(log.path)\(RestoreTool.suffix)")
            log.epoch = try ArticleLog.bumpEpoch(connection: connection)
            logs.append(log)
        }
        for file in files {
            try SystemError.check("rename to '\(state)/\(file.path)'") {
                rename("\(state)/\(file.path)\(RestoreTool.suffix)", "\(state)/\(file.path)")
            }
        }
        for role in roles { try Directory(path: "\(state)/\(role)").sync() }
        giveAway(roles, files)
        return logs
    }

    /// What no process of this version could open is not put back.
    private func checkVersions(_ files: [BackupManifest.File]) throws {
        do {
            for file in files { try StateInventory.check(file.path, at: "\(state)/\(file.path)\(RestoreTool.suffix)") }
        } catch {
            for file in files {
                for end in ["", "-wal", "-shm"] { unlink("\(state)/\(file.path)\(RestoreTool.suffix)\(end)") }
            }
            throw error
        }
    }

    private func copy(_ file: BackupManifest.File) throws {
        let target = "\(state)/\(file.path)\(RestoreTool.suffix)"
        let slash = target.lastIndex(of: "/") ?? target.startIndex
        let directory = try Directory(path: String(target[..<slash]))
        let name = RelativePath(String(target[target.index(after: slash)...]))
        // What a restore that was broken off has left.
        try directory.removeIfThere(name)
        let from = try FileDescriptor(path: "\(source)/\(file.path)")
        let to = try directory.openForWriting(name)
        while true {
            let piece = try from.read(upTo: 1 << 20)
            if piece.isEmpty { break }
            try to.writeAll(piece)
        }
        try to.sync()
    }

    /// What root has put back belongs to whoever owns the state directory, as whom the services run.
    private func giveAway(_ roles: [String], _ files: [BackupManifest.File]) {
        var owner = stat()
        guard geteuid() == 0, stat(state, &owner) == 0 else { return }
        for path in roles + roles.map({ "\($0)/lock" }) + files.map(\.path) {
            _ = chown("\(state)/\(path)", owner.st_uid, owner.st_gid)
        }
    }
}
