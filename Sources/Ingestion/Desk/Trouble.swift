import Glibc
import Linux

/// What an error of the system means: whom it concerns, in a sentence, and what to do about it. It does no I/O.
///
/// It is the one place that decides so; `Trouble.md` has the same as a table, and a test holds the two to each other.
/// None of it costs a file an attempt: whom it concerns waits, says why, and goes on by itself.
struct Trouble: Error, Equatable, CustomStringConvertible {
    /// Who has to wait.
    enum Scope: String, CaseIterable {
        /// This one file; the others go on.
        case file
        /// The drop directory, with all its files.
        case directory
        /// The whole intake.
        case everything
    }

    /// What was being done.
    enum Operation: String, CaseIterable {
        /// Opening, locking or listing the drop directory.
        case list
        /// Opening or reading one of its files.
        case read
        /// Taking one of its files from its place.
        case take
        /// Writing to its archive or quarantine.
        case keep
        /// Writing the log, the ledger and what else stands in the state directory.
        case store
    }

    let scope: Scope
    /// What it means, for example `the file system is full`.
    let meaning: String
    /// What the system said.
    let cause: String
    /// What to do; nil where there is nothing to be said in general.
    let remedy: String?

    init(_ error: SystemError, during operation: Operation) {
        let kind = Kind.known.first { $0.codes.contains(error.code) } ?? Kind.other
        scope = operation == .store ? .everything : kind.scopes[operation] ?? .file
        meaning = kind.meaning
        cause = error.description
        remedy = kind.remedy
    }

    var description: String { "\(meaning): \(cause)" + (remedy.map { " (\($0))" } ?? "") }
}

extension Trouble {
    /// Errors that mean the same.
    struct Kind {
        let codes: [Int32]
        let meaning: String
        let remedy: String?
        /// Whom it concerns by what was being done, without the store: that concerns everything.
        let scopes: [Operation: Scope]

        private init(
            _ codes: [Int32], _ meaning: String, _ remedy: String?, list: Scope, read: Scope, take: Scope, keep: Scope
        ) {
            self.codes = codes
            self.meaning = meaning
            self.remedy = remedy
            scopes = [.list: list, .read: read, .take: take, .keep: keep]
        }

        /// One scope whatever was being done.
        private init(_ codes: [Int32], _ meaning: String, _ remedy: String?, _ scope: Scope) {
            self.init(codes, meaning, remedy, list: scope, read: scope, take: scope, keep: scope)
        }

        static let known = [
            Kind([ENOSPC], "the file system is full", "make room there", .directory),
            Kind([EDQUOT], "the quota is used up", "raise it, or make room", .directory),
            Kind(
                [EROFS], "the file system is read-only", "mount it writable; see the kernel's log for why", .directory),
            // A bad place on the disk under one file must not hold up the others.
            Kind(
                [EIO], "the device or the server failed", "see the kernel's log", list: .directory, read: .file,
                take: .directory, keep: .directory),
            // Where a producer owns a folder, or the file itself is immutable, the others need not wait.
            Kind(
                [EACCES, EPERM], "permission is denied", "give it to the user that dropwire runs as", list: .directory,
                read: .file, take: .file, keep: .directory),
            Kind(
                [ENOENT, ENOTDIR], "it is not there", "see whether it is mounted", list: .directory, read: .file,
                take: .file, keep: .directory),
            Kind(
                [
                    ESTALE, ENOTCONN, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH, ECONNRESET,
                    ECONNABORTED, ECONNREFUSED, ENODEV, ENXIO,
                ], "the share or the device is away", "see whether it is mounted and its server runs", .directory),
            Kind(
                [EBUSY, ETXTBSY], "it is in use", "see by what", list: .directory, read: .file, take: .file,
                keep: .directory),
            Kind([EMFILE], "the process has too many open files", "raise LimitNOFILE", .everything),
            Kind([ENFILE], "the machine has too many open files", "raise the sysctl fs.file-max", .everything),
            Kind([ENOMEM, ENOBUFS], "there is not enough memory", "see what uses it", .everything),
            Kind(
                [ENAMETOOLONG], "the name or the path is too long", "rename it, or drop it less deep",
                list: .directory, read: .file, take: .file, keep: .file),
        ]

        /// Any other error: it is the file's where there is one.
        static let other = Kind([], "it failed", nil, list: .directory, read: .file, take: .file, keep: .file)
    }
}

extension Trouble {
    /// Runs what may meet an error of the system, and judges that.
    static func judge<Result: ~Copyable>(
        _ operation: Operation, _ body: () throws(SystemError) -> Result
    ) throws(Trouble) -> Result {
        do throws(SystemError) { return try body() } catch { throw Trouble(error, during: operation) }
    }
}
