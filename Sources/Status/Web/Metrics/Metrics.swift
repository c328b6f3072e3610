import Articles
import Messaging

/// The numbers of the moment for `/metrics`: everything that the page shows.
struct Metrics {
    private(set) var text = MetricsText()

    /// Adds what processes tell of themselves, and the service itself.
    init(_ processes: [StatusBoard.Process]) {
        text.add(
            .gauge, "dropwire_build_info", "The version of the status service; always 1.", [("version", Version.text)],
            1)
        for process in processes { add(process) }
        for log in ServedLog.all(of: processes) { add(log) }
        addDirectories(processes)
    }

    /// The text.
    var bytes: [UInt8] { text.bytes }

    // MARK: Processes

    private mutating func add(_ process: StatusBoard.Process) {
        let heartbeat = process.heartbeat
        let labels = [("name", heartbeat.name), ("kind", heartbeat.kind), ("host", heartbeat.host)]
        text.add("dropwire_up", "Whether a process has told of itself lately.", labels, process.isAlive)
        text.add(
            .gauge, "dropwire_process_info", "The version of a process and what it is at; always 1.",
            labels + [("version", heartbeat.version), ("state", heartbeat.state ?? "")], 1)
        text.add(
            .gauge, "dropwire_process_heartbeat_age_seconds", "How long ago a process last told of itself.", labels,
            Metrics.seconds(process.age))
        // What a process said that is gone now would look like news.
        guard process.isAlive else { return }
        text.add(
            .gauge, "dropwire_process_uptime_seconds", "How long a process has been running.", labels,
            heartbeat.uptimeSeconds)
        text.add(
            .gauge, "dropwire_process_resident_memory_bytes", "The memory that a process has.", labels,
            heartbeat.residentBytes)
        text.add(.gauge, "dropwire_process_lag_records", "Records that wait for a process.", labels, heartbeat.lag)
        text.add(
            .gauge, "dropwire_process_standstill_seconds",
            "How long a process for which something waits has not moved.", labels, Metrics.seconds(process.standstill))
        text.add(
            .gauge, "dropwire_process_troubles", "The number of things that a process says are wrong.", labels,
            heartbeat.troubles.count)
        if heartbeat.kind == "watch" { addWatcher(heartbeat, labels) } else { addWorker(heartbeat, labels) }
    }

    private mutating func addWorker(_ heartbeat: Heartbeat, _ labels: MetricsText.Labels) {
        let counters = [
            ("done", "dropwire_worker_done_total", "Records that a worker has dealt with since its start."),
            ("failed", "dropwire_worker_failed_total", "Records on which a worker has failed since its start."),
        ]
        for (key, name, help) in counters {
            if let value = heartbeat.numbers[key] { text.add(.counter, name, help, labels, value) }
        }
        let gauges = [
            ("outbox", "dropwire_worker_outbox_records", "Results of a worker that are not reported yet."),
            ("retrying", "dropwire_worker_retrying_records", "Records that a worker tries again."),
            ("dead", "dropwire_worker_dead_records", "Records that a worker has given up: its dead letters."),
        ]
        for (key, name, help) in gauges {
            if let value = heartbeat.numbers[key] { text.add(.gauge, name, help, labels, value) }
        }
    }

    private mutating func addWatcher(_ heartbeat: Heartbeat, _ labels: MetricsText.Labels) {
        let numbers = heartbeat.numbers
        let gauges = [
            ("in_hand", "dropwire_watch_in_hand_files", "Files that a watcher works on."),
            ("held", "dropwire_watch_held_articles", "Articles that wait for the end of their embargo."),
        ]
        for (key, name, help) in gauges {
            if let value = numbers[key] { text.add(.gauge, name, help, labels, value) }
        }
        if let next = numbers["next_release_ms"] {
            text.add(
                .gauge, "dropwire_watch_next_release_timestamp_seconds",
                "When the next article is released that waits for the end of its embargo.", labels,
                Double(next) / 1000)
        }
        text.add(
            "dropwire_watch_paused", "Whether a watcher takes nothing at all because the operator wants it so.", labels,
            heartbeat.directories?.pausedSince != nil)
    }

    // MARK: Logs

    private mutating func add(_ log: ServedLog) {
        let standing = log.standing
        let labels = [("stream", standing.name), ("process", log.process), ("host", log.host)]
        text.add(.gauge, "dropwire_log_head", "The last sequence number of a log.", labels, standing.head)
        text.add(.gauge, "dropwire_log_low", "The oldest sequence number that a log still has.", labels, standing.low)
        text.add(.gauge, "dropwire_log_size_bytes", "The bytes in use in a log's database.", labels, standing.bytes)
        if let limit = standing.limitBytes {
            text.add(.gauge, "dropwire_log_limit_bytes", "The size at which a log takes no more.", labels, limit)
        }
        for consumer in standing.consumers { add(consumer, labels) }
        for group in standing.groups { add(group, labels) }
        text.add(
            .gauge, "dropwire_log_unlisted_readers",
            "Consumers and groups of a log for whose numbers there is no room.",
            labels, standing.others)
    }

    private mutating func add(_ consumer: ConsumerStanding, _ log: MetricsText.Labels) {
        let labels = log + [("consumer", consumer.name)]
        text.add(
            .gauge, "dropwire_consumer_lag_records", "Records that a consumer has yet to read.", labels, consumer.lag)
        text.add(
            .gauge, "dropwire_consumer_lag_seconds",
            "How long the first record that a consumer has yet to read has waited.", labels,
            Double(consumer.lagMilliseconds) / 1000)
        text.add(
            .gauge, "dropwire_consumer_lost_records", "Records that retention removed before a consumer read them.",
            labels, consumer.lost)
        text.add(
            "dropwire_consumer_holds_retention", "Whether retention waits for a consumer.", labels, consumer.holds)
    }

    private mutating func add(_ group: GroupStanding, _ log: MetricsText.Labels) {
        let labels = log + [("group", group.name)]
        text.add(.gauge, "dropwire_group_lag_records", "Records that a group has yet to finish.", labels, group.lag)
        text.add(
            .gauge, "dropwire_group_lag_seconds",
            "How long the first record that a group has yet to finish has waited.", labels,
            Double(group.lagMilliseconds) / 1000)
        text.add(
            .gauge, "dropwire_group_open_records", "Records of a group that are leased or come again.", labels,
            group.inFlight)
        text.add(.gauge, "dropwire_group_dead_records", "Dead letters of a group.", labels, group.dead)
        text.add(.gauge, "dropwire_group_owners", "Workers that hold records of a group.", labels, group.owners)
        text.add("dropwire_group_paused", "Whether a group is paused.", labels, group.isPaused)
        text.add("dropwire_group_holds_retention", "Whether retention waits for a group.", labels, group.holds)
    }

    /// A duration as seconds.
    static func seconds(_ duration: Duration) -> Double { duration / .seconds(1) }

    /// Lets an extension add to the text.
    mutating func adding(_ body: (inout MetricsText) -> Void) { body(&text) }
}
