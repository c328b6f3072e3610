import Articles
import FoundationEssentials
import Linux
import Messaging
import TestSupport
import Testing

@testable import Status

/// The numbers for Prometheus.
@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
    @Test func `Prometheus' own checker has nothing to say, whatever names there are`() throws {
        let metrics = try WellKnownStatus().metrics()
        let scratch = try ScratchDirectory()
        try scratch.write(metrics, to: "metrics")
        let child = try ChildProcess(
            path: "/bin/sh",
            arguments: [
                "-c", "promtool check metrics < '\(scratch.path("metrics"))' > '\(scratch.path("told"))' 2>&1",
            ], errorOutput: .null)
        #expect(child.wait() == .exited(0))
        #expect(String(decoding: scratch.read("told") ?? [], as: UTF8.self) == "")
    }

    @Test func `every series stands once, in its family`() throws {
        let metrics = try WellKnownStatus().metrics()
        var series: Set<Substring> = []
        var families: Set<Substring> = []
        var family: Substring = ""
        for line in metrics.split(separator: "\n") {
            guard !line.hasPrefix("#") else {
                let name = line.split(separator: " ")[2]
                if line.hasPrefix("# HELP ") {
                    let isNew = families.insert(name).inserted
                    #expect(isNew, "\(name)")
                }
                family = name
                continue
            }
            #expect(line.hasPrefix(family), "\(line)")
            let isNew = series.insert(line.prefix(upTo: line.lastIndex(of: " ") ?? line.endIndex)).inserted
            #expect(isNew, "\(line)")
        }
        #expect(families.count > 60)
    }

    @Test func `what the page shows is a number here`() throws {
        let metrics = try WellKnownStatus().metrics()
        let host = Heartbeat(name: "", kind: "").host
        let watcher = #"watcher="watch",host="paris""#
        let directory = watcher + #",directory="/srv/\"drop\"\\\n",source="agency""#
        let log = #"stream="articles",process="watch",host="paris""#
        let worker = #"name="index\n\"x\"",kind="index",host="paris""#
        let own = #"name="status",kind="status",host="\#(host)""#
        for line in [
            #"dropwire_build_info{version="\#(Version.text)"} 1"#, "dropwire_up{\(own)} 1",
            #"dropwire_process_info{name="watch",kind="watch",host="paris",version="1.2\"",state="watching"} 1"#,
            "dropwire_process_lag_records{\(worker)} 9", "dropwire_process_troubles{\(worker)} 1",
            "dropwire_worker_done_total{\(worker)} 7", "dropwire_worker_failed_total{\(worker)} 1",
            "dropwire_worker_outbox_records{\(worker)} 2", "dropwire_worker_dead_records{\(worker)} 1",
            "dropwire_directory_waiting_files{\(directory)} 3", "dropwire_directory_quarantined_files{\(directory)} 2",
            "dropwire_directory_trouble{\(directory)} 1", "dropwire_directory_paused{\(directory)} 0",
            "dropwire_directory_oldest_waiting_timestamp_seconds{\(directory)} 1700000000.25",
            #"dropwire_directory_waiting_files{\#(watcher),directory="other",source=""} 5"#,
            "dropwire_log_limit_bytes{\(log)} 8192",
            #"dropwire_consumer_lag_seconds{\#(log),consumer="mine \"1\"\n"} 1.5"#,
            #"dropwire_group_dead_records{\#(log),group="geo"} 2"#,
            #"dropwire_watch_next_release_timestamp_seconds{name="watch",kind="watch",host="paris"} 1800000000.5"#,
            "dropwire_articles_published_total 2", #"dropwire_files_total{outcome="published"} 1"#,
            #"dropwire_files_total{outcome="quarantined"} 1"#, "dropwire_held_files 1", "dropwire_quarantined_files 1",
            #"dropwire_results{kind="deduplicate",status="ok"} 1"#,
            #"dropwire_results{kind="deduplicate",status="failed"} 1"#,
            #"dropwire_verdicts{kind="deduplicate",verdict="unique"} 1"#,
            #"dropwire_source_articles_total{source="dpa"} 1"#, "dropwire_other_sources_articles_total 0",
            #"dropwire_source_quiet{source="\"a\"\n"} 1"#,
            #"dropwire_source_last_article_timestamp_seconds{source="\"a\"\n"} 1700000000.5"#,
            "dropwire_quiet_sources 1", "dropwire_unlisted_sources 4",
            #"dropwire_storage_growth_bytes_per_second{storage="store"} 1.0"#,
            #"dropwire_storage_full_timestamp_seconds{storage="store"} 1900000000.0"#,
            #"dropwire_storage_limit_bytes{storage="store"} 2"#, "dropwire_failed_results 1", "dropwire_dead_results 0",
            "dropwire_event_stream_clients 0",
            #"dropwire_arrivals_total{what="articles"} 2"#, "dropwire_healthy 1",
            #"dropwire_http_requests_total{route="none",method="GET",code="404"} 1"#,
            #"dropwire_http_requests_total{route="/api/v1/status",method="GET",code="200"} 1"#,
            #"dropwire_http_request_duration_seconds_count{route="/api/v1/status"} 1"#,
            #"dropwire_http_request_duration_seconds_bucket{route="/api/v1/status",le="+Inf"} 1"#,
        ] { #expect(metrics.contains("\n\(line)\n"), "\(line)") }
        #expect(!metrics.contains("outcome=\"held\"") && !metrics.contains("x y"))
    }

    @Test func `what a silent process said is no news`() throws {
        let board = StatusBoard()
        var heartbeat = Heartbeat(name: "w", kind: "watch")
        heartbeat.directories = DirectoryList([DirectoryStatus(path: "/d", source: "s")], pausedSince: nil)
        board.note(heartbeat, at: .now - .seconds(60))
        let text = String(decoding: Metrics(board.processes()).bytes, as: UTF8.self)
        #expect(text.contains("\ndropwire_up{name=\"w\"") && text.contains("\ndropwire_process_heartbeat_age_seconds{"))
        #expect(!text.contains("resident_memory") && !text.contains("directory_"))
    }

    @Test func `a histogram sums up what is below each limit`() {
        let statistics = RequestStatistics()
        for milliseconds in [0, 1, 2, 30, 60_000] {
            statistics.count(route: "/a", method: "GET", code: 200, duration: .milliseconds(milliseconds))
        }
        statistics.count(route: nil, method: "BREW", code: 404, duration: .zero)
        var text = MetricsText()
        statistics.write(to: &text)
        let lines = Set(String(decoding: text.bytes, as: UTF8.self).split(separator: "\n").map(String.init))
        for line in [
            #"dropwire_http_requests_total{route="/a",method="GET",code="200"} 5"#,
            #"dropwire_http_requests_total{route="none",method="other",code="404"} 1"#,
            #"dropwire_http_request_duration_seconds_bucket{route="/a",le="0.001"} 2"#,
            #"dropwire_http_request_duration_seconds_bucket{route="/a",le="0.0025"} 3"#,
            #"dropwire_http_request_duration_seconds_bucket{route="/a",le="5.0"} 4"#,
            #"dropwire_http_request_duration_seconds_bucket{route="/a",le="+Inf"} 5"#,
            #"dropwire_http_request_duration_seconds_sum{route="/a"} 60.033"#,
            "# TYPE dropwire_http_request_duration_seconds histogram",
        ] { #expect(lines.contains(line), "\(line)") }
    }

    @Test func `a number that is none is left out`() {
        var text = MetricsText()
        text.add(.gauge, "a", "A.", [], Double.nan)
        text.add(.gauge, "a", "A.", [], Double.infinity)
        text.add(.gauge, "a", "A.", [], 1.5)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "# HELP a A.\n# TYPE a gauge\na 1.5\n")
    }
}
