import HTTP

/// An event of the store, as it is sent to all who want it.
struct LiveEvent: Sendable {
    let name: EventName
    /// The place of its row in its table.
    let table: EventPosition.Table
    let place: Int64
    /// Whose article, kill or file it is; nil where that is not known.
    var source: String?
    /// The kind of a result.
    var kind: String?
    /// What is sent.
    let bytes: [UInt8]

    /// Makes an event whose id says where whoever has had it goes on.
    init(
        _ name: EventName, _ table: EventPosition.Table, at position: EventPosition, source: String? = nil,
        kind: String? = nil, data: [UInt8]
    ) {
        self.name = name
        self.table = table
        place = position[table]
        self.source = source
        self.kind = kind
        bytes =
            ServerSentEvent(String(decoding: data, as: UTF8.self), name: name.rawValue, id: position.description)
            .bytes
    }
}
