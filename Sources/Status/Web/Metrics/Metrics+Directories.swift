import Messaging

extension Metrics {
    /// The drop directories of all watchers that are alive; those that a heartbeat has no room for are one, `other`.
    mutating func addDirectories(_ processes: [StatusBoard.Process]) {
        for process in processes where process.isAlive {
            guard let list = process.heartbeat.directories else { continue }
            let watcher = [("watcher", process.heartbeat.name), ("host", process.heartbeat.host)]
            for directory in list.listed {
                let isPaused = directory.pausedSince ?? list.pausedSince != nil
                add(
                    directory, isPaused: isPaused,
                    watcher + [("directory", directory.path), ("source", directory.source)])
            }
            // A path of a directory begins with a slash.
            if list.others.count > 0 { add(list.others, watcher + [("directory", "other"), ("source", "")]) }
        }
    }

    private static let waiting = ("dropwire_directory_waiting_files", "Complete files that were not taken yet.")
    private static let settling = ("dropwire_directory_settling_files", "Files that are not complete yet.")
    private static let blocked = ("dropwire_directory_blocked_files", "Files that cannot be taken for now.")
    private static let left = ("dropwire_directory_left_files", "Files that are done and stay where they are.")
    private static let quarantined = ("dropwire_directory_quarantined_files", "Files in a drop directory's quarantine.")

    private mutating func add(_ directory: DirectoryStatus, isPaused: Bool, _ labels: MetricsText.Labels) {
        adding { text in
            for ((name, help), count) in [
                (Metrics.waiting, directory.waiting), (Metrics.settling, directory.settling),
                (Metrics.blocked, directory.blocked), (Metrics.left, directory.left),
            ] { text.add(.gauge, name, help, labels, count) }
            if let count = directory.quarantined {
                text.add(.gauge, Metrics.quarantined.0, Metrics.quarantined.1, labels, count)
            }
            text.add(
                .gauge, "dropwire_directory_unaccompanied_files", "Files that wait for a marker or a checksum.", labels,
                directory.unaccompanied)
            text.add(
                .gauge, "dropwire_directory_unreadable_folders", "Folders in a drop directory that cannot be read.",
                labels, directory.unreadable)
            text.add(
                .counter, "dropwire_directory_archive_removed_files_total",
                "Files that retention has removed from a drop directory's archive since the watcher's start.", labels,
                directory.archiveRemoved)
            text.add(
                .gauge, "dropwire_directory_taken_files_per_second", "Files taken a second over the last minute.",
                labels, directory.filesPerSecond)
            text.add(
                .gauge, "dropwire_directory_taken_bytes_per_second", "Bytes taken a second over the last minute.",
                labels, directory.bytesPerSecond)
            if let oldest = directory.oldestWaiting {
                text.add(
                    .gauge, "dropwire_directory_oldest_waiting_timestamp_seconds",
                    "When the oldest file that waits was last changed.", labels, Double(oldest) / 1000)
            }
            text.add(
                "dropwire_directory_trouble", "Whether something keeps a drop directory from being read.", labels,
                directory.trouble != nil)
            text.add("dropwire_directory_paused", "Whether the operator lets nothing be taken.", labels, isPaused)
        }
    }

    private mutating func add(_ sum: DirectoryList.Sum, _ labels: MetricsText.Labels) {
        adding { text in
            for ((name, help), count) in [
                (Metrics.waiting, sum.waiting), (Metrics.settling, sum.settling), (Metrics.blocked, sum.blocked),
                (Metrics.left, sum.left), (Metrics.quarantined, sum.quarantined),
            ] { text.add(.gauge, name, help, labels, count) }
            text.add(
                .gauge, "dropwire_directory_unlisted", "Drop directories whose numbers are summed up as one.", labels,
                sum.count)
        }
    }
}
