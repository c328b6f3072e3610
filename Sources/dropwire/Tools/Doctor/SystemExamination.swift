import Glibc
import Ingestion
import Linux

/// Limits of the system.
struct SystemExamination {
    private(set) var findings: [Finding] = []

    init(_ configuration: Configuration) {
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            findings.append(
                limit.rlim_max < 4096
                    ? .bad(
                        "open files", "a process may open \(limit.rlim_max) at most",
                        "LimitNOFILE=65536 in the units, or `ulimit -Hn 65536`: libzmq ends a process that has none left"
                    )
                    : .fine("open files", "a process may open \(limit.rlim_max)"))
        }
        guard !configuration.watch.settings.directories.isEmpty else { return }
        for (name, least, why) in [
            ("max_user_watches", 8192, "a folder in a drop directory takes one; without it is polled"),
            ("max_user_instances", 16, "the watcher takes one"),
            ("max_queued_events", 4096, "a flood of files beyond it is found by polling"),
        ] {
            guard let value = SystemExamination.number("/proc/sys/fs/inotify/\(name)") else { continue }
            findings.append(
                value < least
                    ? .odd("fs.inotify.\(name)", "it is \(value): \(why)", "sysctl fs.inotify.\(name)=\(least * 16)")
                    : .fine("fs.inotify.\(name)", "it is \(value)"))
        }
    }

    private static func number(_ path: String) -> Int? {
        guard let bytes = try? FileDescriptor(path: path).readAll(expected: 32, limit: 64) else { return nil }
        return Int(String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first ?? "")
    }
}
