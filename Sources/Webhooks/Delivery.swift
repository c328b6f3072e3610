/// A match that is to be posted.
struct Delivery {
    /// Its row.
    var row: Int64
    /// What the receiver knows it by, the same at every attempt.
    var id: String
    /// The record of the match.
    var match: [UInt8]
    /// How often it was tried.
    var attempts: Int
    /// When it was taken from the log, milliseconds since 1970.
    var made: Int64
}
