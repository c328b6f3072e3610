import Glibc
import Ingestion
import Linux

/// The state and runtime directories, and the drop directories with their archives.
struct DirectoryExamination {
    private(set) var findings: [Finding] = []

    init(_ configuration: Configuration) {
        for (key, path) in [
            ("state_directory", configuration.stateDirectory), ("runtime_directory", configuration.runtimeDirectory),
        ] { look(at: path, key) }
        lookAtSpace(configuration.stateDirectory)
        for drop in configuration.watch.settings.directories { look(at: drop) }
    }

    private mutating func look(at path: String, _ key: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            return findings.append(
                errno == ENOENT
                    ? .odd(key, "'\(path)' is not there yet", "the first start makes it, where its user may")
                    : .bad(key, "'\(path)': \(String(cString: strerror(errno)))", "let the services' user into it"))
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            return findings.append(.bad(key, "'\(path)' is no directory", "name another one"))
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return findings.append(
                .bad(key, "this user may not write to '\(path)'", "run as the user of the services, or give it to them")
            )
        }
        if status.st_mode & 0o002 != 0 {
            return findings.append(.bad(key, "anybody may write to '\(path)'", "chmod o-w '\(path)'"))
        }
        findings.append(.fine(key, "'\(path)' can be written to"))
    }

    private mutating func lookAtSpace(_ path: String) {
        guard let space = try? FileSystemSpace(path: path), space.total > 0 else { return }
        let percent = 100 * space.available / space.total
        let text = "\(space.available >> 20) MiB of \(space.total >> 20) MiB are free at '\(path)'"
        if space.available < 64 << 20 {
            findings.append(.bad("space", text, "make room: no files are taken on a full disk"))
        } else if percent < 10 {
            findings.append(.odd("space", text, "make room before it is full"))
        } else {
            findings.append(.fine("space", text))
        }
    }

    private mutating func look(at drop: DropDirectoryConfiguration) {
        let path = drop.path
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            let cause = errno == 0 ? "is no directory" : String(cString: strerror(errno))
            return findings.append(
                .bad(path, "the drop directory cannot be looked at: \(cause)", "make it, or mount it"))
        }
        let needed = drop.after == .leave ? R_OK | X_OK : R_OK | W_OK | X_OK
        guard access(path, needed) == 0 else {
            return findings.append(
                .bad(
                    path, "this user may not \(drop.after == .leave ? "read" : "read and change") the drop directory",
                    "run as the user of the services, or let their group in: chmod g+rwxs '\(path)'"))
        }
        if let archive = drop.archiveDirectory, drop.after == .archive {
            var there = stat()
            if stat(archive, &there) != 0 {
                findings.append(
                    errno == ENOENT
                        ? .odd(path, "its archive '\(archive)' is not there yet", "the watcher makes it where it may")
                        : .bad(
                            path, "its archive '\(archive)': \(String(cString: strerror(errno)))", "let the watcher in")
                )
            } else if there.st_dev != status.st_dev {
                findings.append(
                    .odd(
                        path, "its archive '\(archive)' is on another file system: each file is copied, not moved",
                        "an archive on the same one is faster"))
            }
        }
        if let directory = try? Directory(path: path), directory.isRemote {
            findings.append(
                .odd(
                    path, "it is on a file system of another machine: files are found by polling",
                    "let producers rename what is complete, or use done_marker"))
        }
        findings.append(.fine(path, "the drop directory can be used"))
    }
}
