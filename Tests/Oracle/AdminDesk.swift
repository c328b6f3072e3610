import Articles
import Messaging
import ZeroMQ

/// Asks the watcher, or the status service, how things are.
struct AdminDesk {
    private let client: CommandClient

    init(_ context: Context, path: String) { client = CommandClient(context: context, endpoints: ["ipc://\(path)"]) }

    /// Returns the answer to a command; nil where none comes.
    func ask(_ command: String) -> JSONValue? {
        try? client.request(command, deadline: .seconds(2)).decode(JSONValue.self)
    }

    /// Returns the paths of the drop directories that are watched; nil where no answer comes.
    func directories() -> [String]? {
        ask("STATUS")?["directories"]?.arrayValue?.compactMap { $0["path"]?.stringValue }
    }

    /// Returns the troubles that the watcher tells of: its own and those of its directories.
    func troubles() -> [String] {
        guard let status = ask("STATUS") else { return [] }
        let directories = status["directories"]?.arrayValue ?? []
        return ([status["trouble"]] + directories.map { $0["trouble"] }).compactMap { $0?.stringValue }
    }
}
