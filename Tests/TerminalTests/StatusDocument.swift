import Articles
import Testing

@testable import dropwire

/// A state as the status service tells it, with something of everything.
enum StatusDocument {
    /// What `/api/v1/status` answers.
    static func make(_ change: (inout [String: JSONValue]) -> Void = { _ in }) throws -> StatusPage {
        guard case .object(var members) = JSONText.read(Array(text.utf8)) else { throw NoObject() }
        change(&members)
        return StatusPage(.object(members))
    }

    struct NoObject: Error {}

    private static let minutes = (1...60).map { "\($0 % 20)" }.joined(separator: ",")
    private static let hours = (1...24).map { "\($0 * 3)" }.joined(separator: ",")

    private static let text = """
        {"version":"0.1.0","time":"2026-03-01T08:00:00.000Z","healthy":true,
        "troubles":[{"name":"watch","text":"nothing is taken from /srv/b: it cannot be read"}],
        "stages":[
        {"name":"files","count":1234567,"per_second":12.5,"waiting":0,"minutes":[\(minutes)]},
        {"name":"articles","count":1234999,"per_second":13,"waiting":0,"minutes":[0,0,5]},
        {"name":"index","count":1234990,"per_second":0,"waiting":9,"minutes":[]}],
        "files":{"published":1234000,"quarantined":567,"duplicate":0},"articles":1234999,"kills":2,
        "results":{"index":{"ok":1234980,"failed":2,"skipped":8,"dead":1,"verdicts":{}},
        "deduplicate":{"ok":7,"failed":0,"skipped":0,"dead":0,"verdicts":{"unique":5,"near":2}}},
        "held":{"count":3,"next_release":"2026-03-01T09:00:00.000Z"},
        "directories":[
        {"path":"/srv/b","watcher":"watch","waiting":4,"settling":1,"blocked":0,"in_quarantine":7,"state":"trouble",
        "note":"it cannot be read","oldest_waiting":"2026-03-01T07:00:00.000Z"},
        {"path":"/srv/a","watcher":"watch","waiting":0,"settling":0,"blocked":0,"unaccompanied":1,"state":"paused",
        "paused_since":"2026-03-01T06:00:00.000Z"}],
        "other_directories":{"count":5,"waiting":11,"troubled":2},
        "oldest_waiting":{"time":"2026-03-01T07:00:00.000Z","directory":"/srv/b","watcher":"watch"},
        "readers":[{"name":"mine","stream":"articles","lag":70,"lag_s":90,"details":["holds retention"]},
        {"name":"summarize","stream":"unique","lag":0,"lag_s":0,"dead":2,"details":["group","0 open"]}],
        "processes":[{"name":"watch","label":"watch","kind":"watch","host":"h","version":"0.1.0","pid":77,
        "uptime_s":7300,"rss":25000000,"lag":0,"numbers":{"done":9},"trouble":"the disk is full","age_ms":1200,
        "state":"alive"},
        {"name":"index","label":"index","kind":"index","host":"h","version":"0.1.0","pid":78,"uptime_s":7200,
        "rss":99000000,"lag":9,"numbers":{"done":1234990,"failed":2,"outbox":0},"age_ms":20000,"state":"silent"}],
        "sources":[{"source":"bbc","per_second":0,"last_hour":0,"last_day":12,"hours":[\(hours)],"days":[1,2],
        "last":"2026-03-01T05:00:00.000Z","usual_gap_s":300,"quiet_since":"2026-03-01T05:05:00.000Z"},
        {"source":"reuters","per_second":1.25,"last_hour":4500,"last_day":90000,"hours":[],"days":[],
        "last":"2026-03-01T07:59:58.000Z","usual_gap_s":1}],"other_sources":4,
        "failures":{"count":3,"dead":1,"items":[{"kind":"index","stream":"s","epoch":1,"seq":8,"id":"x",
        "title":"Harbour reopens","source":"bbc","code":"GONE","reason":"no shelf","attempt":5,"dead":true,
        "time":"2026-03-01T07:30:00.000Z"}]},
        "storage":[{"name":"articles","path":"/var/lib/log.sqlite","bytes":5000000000,"limit_bytes":8000000000,
        "free_bytes":90000000000,"oldest":"2026-02-22T08:00:00.000Z","retention_s":604800,"bytes_per_day":700000000,
        "full_at":"2026-03-05T08:00:00.000Z"}],
        "quarantine":{"count":567,"files":[{"time":"2026-03-01T07:58:00.000Z","path":"bad.xml","source":"bbc",
        "code":"XML_MALFORMED","message":"line 12: premature end of data"}]},"latest":[]}
        """
}
