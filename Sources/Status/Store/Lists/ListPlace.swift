/// Where a page of a list of arrivals begins: lists show the last arrived first, and a place in them is a row's number.
package enum ListPlace: Sendable, Equatable {
    /// At the last arrival.
    case end
    /// With what arrived before a row.
    case before(Int64)
    /// With what arrived after a row.
    case after(Int64)
}
