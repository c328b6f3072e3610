import Synchronization

/// Counts the requests that were answered, and how long that took. Safe on any thread.
///
/// It is bounded: by the routes that there are, the methods that are known and the codes that are answered with.
final class RequestStatistics: Sendable {
    /// What is counted as one.
    private struct Key: Hashable {
        var route: String
        var method: String
        var code: Int
    }

    private struct State {
        var counts: [Key: Int64] = [:]
        var durations: [String: Durations] = [:]
    }

    private struct Durations {
        var counts = [Int64](repeating: 0, count: RequestStatistics.limits.count + 1)
        var sum = Duration.zero
    }

    private let state = Mutex(State())
    /// The limits of the histogram, in seconds.
    private static let limits = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
    private static let durations = limits.map { Duration.seconds($0) }
    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// Counts an answer.
    ///
    /// - Parameter route: the pattern of the route; nil where the path has none.
    func count(route: String?, method: String, code: Int, duration: Duration) {
        let route = route ?? "none"
        let key = Key(route: route, method: RequestStatistics.methods.contains(method) ? method : "other", code: code)
        let place = RequestStatistics.durations.firstIndex { duration <= $0 } ?? RequestStatistics.limits.count
        state.withLock { state in
            state.counts[key, default: 0] += 1
            state.durations[route, default: Durations()].counts[place] += 1
            state.durations[route]?.sum += duration
        }
    }

    /// Writes the numbers.
    func write(to text: inout MetricsText) {
        let (counts, durations) = state.withLock { ($0.counts, $0.durations) }
        let order = counts.sorted { left, right in
            (left.key.route, left.key.method, left.key.code) < (right.key.route, right.key.method, right.key.code)
        }
        for (key, count) in order {
            text.add(
                .counter, "dropwire_http_requests_total", "Requests that were answered.",
                [("route", key.route), ("method", key.method), ("code", "\(key.code)")], count)
        }
        for (route, times) in durations.sorted(by: { $0.key < $1.key }) {
            text.add(
                histogram: "dropwire_http_request_duration_seconds", "How long requests took to be answered.",
                [("route", route)], limits: RequestStatistics.limits, counts: times.counts,
                sum: Metrics.seconds(times.sum))
        }
    }
}
