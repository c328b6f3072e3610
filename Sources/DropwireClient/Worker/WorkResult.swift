import Messaging

/// What a worker made of an article: it is stored by the status service, once for each article and kind.
public struct WorkResult: Sendable, Equatable {
    /// How the work ended.
    public var status: ResultRecord.Outcome
    /// What was found; its members are the worker's own.
    public var data: JSONValue

    /// Makes a result; at most 512 KiB of it can be reported.
    public init(status: ResultRecord.Outcome, data: JSONValue) {
        self.status = status
        self.data = data
    }

    /// The work is done, and this was found.
    public static func ok(_ members: [String: JSONValue] = [:]) -> WorkResult {
        WorkResult(status: .ok, data: .object(members))
    }

    /// There was nothing to do, for a reason.
    public static func skipped(_ reason: String) -> WorkResult {
        WorkResult(status: .skipped, data: .object(["reason": .string(reason)]))
    }

    /// The work failed for good, for a reason: the article is not tried again, and counts as a dead letter.
    public static func failed(_ reason: String) -> WorkResult {
        WorkResult(
            status: .failed, data: .object(["reason": .string(String(reason.prefix(1000))), "dead": .boolean(true)]))
    }

    var messaging: Messaging.WorkResult { Messaging.WorkResult(status: status, data: data) }
}
