/// What is wrong with the deduplicator's stored state.
package enum DeduplicationError: Error, Equatable, CustomStringConvertible {
    /// The tables were written by a newer version of the program.
    case newerSchema(path: String, version: Int64)
    /// A row cannot be read.
    case damagedRow(document: Int64)

    package var description: String {
        switch self {
        case .newerSchema(let path, let version):
            "open the deduplicator's state in '\(path)': its tables have version \(version), which is newer than this program's"
        case .damagedRow(let document): "read document \(document) of the deduplicator's state: the row is damaged"
        }
    }
}
