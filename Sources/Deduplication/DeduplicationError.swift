/// What is wrong with the deduplicator's stored state.
package enum DeduplicationError: Error, Equatable, CustomStringConvertible {
    /// A row cannot be read.
    case damagedRow(document: Int64)

    package var description: String {
        switch self {
        case .damagedRow(let document): "read document \(document) of the deduplicator's state: the row is damaged"
        }
    }
}
