import JSON

/// The dialects that an object is tried against, in order; the last takes any.
struct JSONDialects: Sendable {
    private let known: [any JSONDialect]
    private let other: any JSONDialect

    init(mapping: FieldMapping = .usual) {
        known = [RecordDialect(), DigitalwiresDialect(), FeedDialect(), LinkedDataDialect(), NinjsDialect()]
        other = MappedDialect(mapping)
    }

    func dialect(of object: JSONObject) -> any JSONDialect {
        known.first { $0.recognizes(object) } ?? other
    }
}
