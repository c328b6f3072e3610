/// Why a worker could not run on. What is wrong with an article is none of these: it is reported, and tried again.
@nonexhaustive
public enum WorkerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another process works under the same name and in the same state directory.
    case nameTaken(String)
    /// A batch was taken without the ``WorkBatch/checkpoint`` that follows its last report: it would come again for ever.
    case checkpointNotTaken
    /// The log cannot be read on as it is.
    case stream(StreamError)
    /// The operating system, SQLite or ZeroMQ failed.
    case system(String)

    /// A sentence for people.
    public var description: String {
        switch self {
        case .nameTaken(let path): "another process has locked '\(path)': give each worker a name of its own"
        case .checkpointNotTaken: "a batch was applied, and its checkpoint not saved: take it after the last report"
        case .stream(let error): "\(error)"
        case .system(let reason): reason
        }
    }
}
