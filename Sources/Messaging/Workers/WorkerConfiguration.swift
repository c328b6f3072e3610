import Linux

/// What every worker needs to know.
package struct WorkerConfiguration: Sendable {
    /// The process's name among its kind, for example `deduplicate` or `summarize-1`.
    package var name: String
    /// The logs that it works on.
    package var logs: [LogSource]
    /// Whether it works on the logs of all watchers, too, that its status service has heard of.
    package var discoversLogs = false
    /// The status service's `report` socket.
    package var reportEndpoints: [String]
    /// Topics by prefix.
    package var topics: [String]
    /// Raised by the operator to do work again; results of a higher generation replace those of a lower one.
    package var generation: Int
    /// The endpoints that the process serves, for the status service's list.
    package var endpoints: [String: [String]]
    /// Where state stands: a database for a stateful worker, a folder's prefix for a stateless one.
    package var statePath: String
    /// Attempts before an article is a dead letter.
    package var maximumAttempts: Int
    /// Results that wait for the status service before the worker stops fetching.
    package var outboxCapacity: Int
    /// How long after its first failure an article comes again; each further failure doubles it, 64 times at most.
    package var retryDelay = Duration.seconds(1)
    /// The logs that the process serves, with those who read them; for the heartbeat.
    package var servedLogs: (@Sendable () -> [LogStanding])?
    /// Called on the worker's thread in every turn of its loop, with what makes its heartbeat: for whoever shows that
    /// beside the status service.
    package var onTurn: (@Sendable (_ heartbeat: () -> Heartbeat) -> Void)?

    /// Makes a configuration of a worker on one log, which is reached at `logEndpoints`; others may be added.
    package init(
        name: String, logEndpoints: [String], reportEndpoints: [String], topics: [String] = ["art/"],
        generation: Int = 1, endpoints: [String: [String]] = [:], statePath: String, maximumAttempts: Int = 5,
        outboxCapacity: Int = 100_000
    ) {
        self.name = name
        self.logs = logEndpoints.isEmpty ? [] : [LogSource(name: "the log", endpoints: logEndpoints)]
        self.reportEndpoints = reportEndpoints
        self.topics = topics
        self.generation = generation
        self.endpoints = endpoints
        self.statePath = statePath
        self.maximumAttempts = maximumAttempts
        self.outboxCapacity = outboxCapacity
    }

    /// How long to wait after a failed attempt (from 1).
    func delayMilliseconds(after attempt: Int) -> Int64 {
        retryDelay.wholeMilliseconds << Int64(min(max(0, attempt - 1), 6))
    }
}
