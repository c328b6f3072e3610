import Articles

extension Metrics {
    /// Adds the sources that are shown, each by its name, and how many more there are.
    ///
    /// - Parameter counts: articles since the service's start, of as many sources as are counted each; of the others
    ///   under no name.
    mutating func add(_ sources: SourceList, counts: [String: Int64]) {
        adding { text in
            for (source, count) in counts.sorted(by: { $0.key < $1.key }) where !source.isEmpty {
                text.add(
                    .counter, "dropwire_source_articles_total",
                    "Articles of a source that have come in since the service's start.", [("source", source)], count)
            }
            text.add(
                .counter, "dropwire_other_sources_articles_total",
                "Articles of the sources that are not counted each, since the service's start.", [], counts[""] ?? 0)
            for source in sources.shown {
                let labels = [("source", source.source)]
                text.add(
                    .gauge, "dropwire_source_last_article_timestamp_seconds", "When a source's last article came in.",
                    labels, Double(source.last.milliseconds) / 1000)
                text.add(
                    .gauge, "dropwire_source_last_day_articles", "Articles of a source within the last 24 hours.",
                    labels,
                    source.lastDay)
                if let gap = source.usualGapSeconds {
                    text.add(
                        .gauge, "dropwire_source_usual_gap_seconds", "The usual time between a source's articles.",
                        labels, gap)
                }
                text.add(
                    "dropwire_source_quiet", "Whether a source is silent for longer than it usually is.", labels,
                    source.quietSince != nil)
            }
            text.add(.gauge, "dropwire_quiet_sources", "Sources that are quiet.", [], sources.quiet)
            text.add(.gauge, "dropwire_unlisted_sources", "Sources that are not told of each.", [], sources.others)
        }
    }

    /// Adds the databases: how full they are, and when there is no more room.
    mutating func add(_ storage: [StorageStanding]) {
        adding { text in
            for standing in storage {
                let labels = [("storage", standing.name)]
                text.add(
                    .gauge, "dropwire_storage_size_bytes", "The bytes in use in a database.", labels, standing.bytes)
                let sizes = [
                    ("limit_bytes", "The size that a database may have.", standing.limit),
                    ("free_bytes", "The bytes that are free on a database's file system.", standing.free),
                    ("file_system_bytes", "The size of a database's file system.", standing.fileSystem),
                    ("retention_seconds", "How long a database keeps what it has.", standing.retentionSeconds),
                ]
                for (name, help, value) in sizes {
                    if let value { text.add(.gauge, "dropwire_storage_" + name, help, labels, value) }
                }
                if let growth = standing.bytesPerDay {
                    text.add(
                        .gauge, "dropwire_storage_growth_bytes_per_second",
                        "How fast a database has grown over the last week.", labels, Double(growth) / 86_400)
                }
                let times = [
                    ("oldest_timestamp_seconds", "When the oldest record of a database came in.", standing.oldest),
                    (
                        "full_timestamp_seconds", "When there is no more room for a database, as it grows.",
                        standing.fullAt
                    ),
                ]
                for (name, help, time) in times {
                    if let time {
                        text.add(
                            .gauge, "dropwire_storage_" + name, help, labels, Double(time.milliseconds) / 1000)
                    }
                }
            }
        }
    }

    /// Adds the articles on which workers have failed.
    mutating func add(failures: (all: Int64, dead: Int64)) {
        adding { text in
            text.add(
                .gauge, "dropwire_failed_results", "Articles on which a worker has failed, with those it has given up.",
                [], failures.all)
            text.add(.gauge, "dropwire_dead_results", "Articles that a worker has given up.", [], failures.dead)
        }
    }
}
