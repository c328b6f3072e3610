import Glibc
import Linux
import Messaging

/// What a worker may be told beside its kind and its work.
public struct WorkerOptions: Sendable {
    /// The process's name, one among all that run; nil is the worker's kind.
    public var name: String?
    /// Topics by prefix.
    public var topics = ["art/"]
    /// Whether the worker takes the articles of every watcher that the status service has heard of, beside those of its
    /// connection's log; not for a worker with a store of its own, which follows one.
    public var discoversLogs = false
    /// Raised to have work done again: results of a higher generation replace those of a lower one. To read the log anew
    /// is another matter: for that a worker gets an empty state, or its group is reset.
    public var generation = 1
    /// How often an article is tried before it is a dead letter.
    public var maximumAttempts = 5
    /// How long after its first failure an article comes again; each further failure doubles it, 64 times at most.
    public var retryDelay = Duration.seconds(1)
    /// How long an article is lent to a worker without state; longer than the work on any one takes.
    public var lease = Duration.seconds(60)
    /// How many records a batch has at most, 1 to 1000; only for a worker with a store of its own.
    public var maximumRecords = 100
    /// What comes of records that the log cannot give any more; only for a worker with a store of its own. (One that
    /// remembers in its own file goes on.)
    public var onLoss = LossHandling.stop
    /// Where the worker keeps its small files, each named after it; nil is the first of `$STATE_DIRECTORY` (of systemd),
    /// `$XDG_STATE_HOME/dropwire`, `~/.local/state/dropwire`.
    public var stateDirectory: String?

    /// Makes the options that are there without a word.
    public init() {}

    /// The path that the files of a worker begin with; makes the directory.
    func statePath(_ name: String) throws(SystemError) -> String {
        let directory = stateDirectory ?? WorkerOptions.standardStateDirectory
        try WorkerOptions.makeDirectory(directory)
        return "\(directory)/\(name)"
    }

    private static var standardStateDirectory: String {
        func variable(_ name: String) -> String? {
            guard let value = getenv(name) else { return nil }
            return value.pointee == 0 ? nil : String(cString: value)
        }
        if let own = variable("STATE_DIRECTORY")?.split(separator: ":").first { return String(own) }
        if let state = variable("XDG_STATE_HOME") { return "\(state)/dropwire" }
        return (variable("HOME") ?? ".") + "/.local/state/dropwire"
    }

    /// Makes a directory with its parents.
    private static func makeDirectory(_ path: String) throws(SystemError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard mkdir(made, 0o750) == 0 || errno == EEXIST else {
                throw SystemError(operation: "make the directory '\(made)'")
            }
        }
    }
}
