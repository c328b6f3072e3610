import Ingestion

/// What is done to the watcher and to those around it.
enum Fault: Sendable, Hashable {
    /// Faults of a kind, by the name that the command line has for them.
    enum Family: String, CaseIterable, Sendable {
        case points, calls, kill, drain, freeze, errors, disk, descriptors, clock, subscriber, status, away, reload
    }

    /// It ends with SIGKILL at a named point.
    case point(IntakePoint)
    /// It ends with SIGKILL before or after a call, by a rule of `FaultInjection.h`.
    case call(String)
    /// SIGKILL at any moment.
    case kill
    /// SIGTERM, and a new one.
    case drain
    /// SIGSTOP for a while.
    case freeze
    /// Calls fail, by rules of `FaultInjection.h`; those of the store may end the watcher.
    case errors(String, [String], isOfStore: Bool)
    /// The disk of the state is full.
    case fullDisk
    /// No further descriptors may be opened.
    case fewDescriptors
    /// The clock is set.
    case clock
    /// A subscriber does not read.
    case frozenSubscriber
    case frozenStatus
    case killedStatus
    /// A drop directory goes away and comes back, as a share does.
    case away
    /// A drop directory is taken out of the configuration and put back, with a wrong configuration between.
    case reload

    /// Every fault of the families.
    static func all(_ families: Set<Family>, hasDisk: Bool) -> [Fault] {
        Family.allCases.filter { families.contains($0) }.flatMap { family -> [Fault] in
            switch family {
            case .points: IntakePoint.ofFiles.map { .point($0) }
            case .calls: callRules.map { .call($0) }
            case .kill: [.kill, .kill]
            case .drain: [.drain]
            case .freeze: [.freeze, .freeze]
            case .errors: errorRules
            case .disk: hasDisk ? [.fullDisk] : []
            case .descriptors: [.fewDescriptors]
            case .clock: [.clock]
            case .subscriber: [.frozenSubscriber]
            case .status: [.frozenStatus, .killedStatus]
            case .away: [.away]
            case .reload: [.reload]
            }
        }
    }

    /// Between the steps of commit and disposal, where no named point is.
    private static let callRules = [
        "renameat2 /.done/ kill-after after=1", "renameat2 /.dropwire/ kill-after", "unlinkat /.dropwire/ kill",
        "unlinkat /.dropwire/ kill-after", "renameat2 /.quarantine/ kill", "renameat2 /.quarantine/ kill-after",
        "renameat /.quarantine/ kill", "pwrite /log.sqlite-wal kill-after after=3",
        "fsync,fdatasync /log.sqlite-wal kill",
    ]

    private static let errorRules: [Fault] = [
        .errors("EIO", ["openat2,read,stat,readdir,renameat2 /sites/ EIO every=5"], isOfStore: false),
        .errors("ESTALE", ["openat2,read,stat,readdir,renameat2 /sites/ ESTALE every=5"], isOfStore: false),
        .errors("EACCES", ["openat2,openat,renameat2,mkdir /sites/ EACCES every=3"], isOfStore: false),
        .errors("ENOSPC", ["openat,write,mkdir,renameat2,inotify /sites/ ENOSPC every=3"], isOfStore: false),
        .errors("EDQUOT", ["openat,write,mkdir,renameat2 /sites/ EDQUOT every=3"], isOfStore: false),
        .errors("EMFILE", ["openat2,openat,open /sites/ EMFILE every=3"], isOfStore: false),
        .errors("EINTR", ["read,write,openat,openat2,fsync /sites/ EINTR every=2"], isOfStore: false),
        // Files are replaced and written again between their read and their disposal.
        .errors("slow renames", ["renameat2 /swap- sleep ms=300"], isOfStore: false),
        .errors("slow renames of others", ["renameat2 /sites/ sleep ms=400 every=3"], isOfStore: false),
        .errors("slow reads", ["read .txt sleep ms=300 every=2"], isOfStore: false),
        .errors("short reads and writes", ["read,write /sites/ short every=2"], isOfStore: false),
        .errors("EIO of the store", ["pwrite,fsync,fdatasync,pread /log.sqlite EIO every=7"], isOfStore: true),
        .errors(
            "ENOSPC of the store", ["pwrite,write,ftruncate,fallocate /log.sqlite ENOSPC every=3"], isOfStore: true),
    ]

    /// What it is called in the table.
    var name: String {
        switch self {
        case .point(let point): "killed at \(point.rawValue)"
        case .call(let rule): "killed by \(rule)"
        case .kill: "killed at any moment"
        case .drain: "drained"
        case .freeze: "frozen"
        case .errors(let name, _, _): name
        case .fullDisk: "disk full"
        case .fewDescriptors: "no more descriptors"
        case .clock: "clock set"
        case .frozenSubscriber: "subscriber frozen"
        case .frozenStatus: "status service frozen"
        case .killedStatus: "status service killed"
        case .away: "drop directory away"
        case .reload: "configuration reloaded"
        }
    }
}
