import HTTP

/// Which events somebody wants.
struct EventFilter: Sendable {
    private var names: Set<EventName> = Set(EventName.allCases)
    /// Empty for all.
    private var sources: Set<String> = []
    private var kinds: Set<String> = []
    /// How many sources or kinds one may name.
    private static let limit = 100

    /// Everything.
    init() {}

    /// Reads `events`, `source` and `kind` of a query; each may stand there more than once.
    init(_ request: HTTP.Request) throws(Problem) {
        let wanted = EventFilter.values(of: "events", request).flatMap { $0.split(separator: ",").map(String.init) }
        if !wanted.isEmpty {
            names = []
            for name in wanted {
                guard let event = EventName(rawValue: name) else {
                    let known = EventName.allCases.map(\.rawValue).joined(separator: ", ")
                    throw .badRequest("'events' has names out of \(known), with commas between.", parameter: "events")
                }
                names.insert(event)
            }
        }
        sources = Set(EventFilter.values(of: "source", request))
        kinds = Set(EventFilter.values(of: "kind", request))
        guard sources.count <= EventFilter.limit else {
            throw .badRequest("'source' stands at most \(EventFilter.limit) times.", parameter: "source")
        }
        guard kinds.count <= EventFilter.limit else {
            throw .badRequest("'kind' stands at most \(EventFilter.limit) times.", parameter: "kind")
        }
    }

    private static func values(of name: String, _ request: HTTP.Request) -> [String] {
        request.query.filter { $0.name == name }.map(\.value)
    }

    /// Returns whether events of a type are wanted at all.
    func wants(_ name: EventName) -> Bool { names.contains(name) }

    /// Returns whether an event is wanted.
    func wants(_ event: LiveEvent) -> Bool {
        guard names.contains(event.name) else { return false }
        if event.name == .result, !kinds.isEmpty, !kinds.contains(event.kind ?? "") { return false }
        // What was passed over may be anybody's.
        guard !sources.isEmpty, event.name != .skipped else { return true }
        return event.source.map { sources.contains($0) } ?? false
    }
}
