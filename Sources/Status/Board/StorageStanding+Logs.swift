import Articles
import Messaging

extension StorageStanding {
    /// The logs that live processes tell of, each database by itself; the status service's own is the store.
    static func logs(of processes: [StatusBoard.Process]) -> [StorageStanding] {
        let logs = processes.filter { $0.isAlive && $0.heartbeat.kind != "status" }.flatMap { process in
            (process.heartbeat.logs ?? []).map { (label: process.label, log: $0) }
        }
        return logs.map { label, log in
            let isAlone = logs.count { $0.log.name == log.name } == 1
            return StorageStanding(
                name: isAlone ? log.name : "\(log.name) of \(label)", path: nil, bytes: Int64(log.bytes),
                limit: log.limitBytes.map { Int64($0) }, free: log.freeBytes, fileSystem: log.fileSystemBytes,
                oldest: log.oldest.map { Timestamp(milliseconds: $0) }, retentionSeconds: log.retentionSeconds)
        }
    }
}
