/// A file that was completely dropped, and how many file records may tell of it.
struct Drop: Sendable {
    /// How it came there.
    let way: Way
    let place: Place
    let digest: [UInt8]
    /// How many file records there may be of this content at this place.
    var records = 1...1
    /// Drops of one number are one file under several names: at least one of them has a record.
    var group: Int?
    /// The producer may have taken it away or written over it, so that no copy of it is asked for.
    var mayBeGone = false
    /// Its producer was too slow, or the clock was set meanwhile: it may have been taken in pieces.
    var isDoubtful = false
}

/// A path in a drop directory.
struct Place: Sendable, Hashable, CustomStringConvertible {
    /// The place of the directory in the list of sites.
    let site: Int
    /// Below the directory.
    let path: [UInt8]

    var description: String { "\(DropSite.all[site].name)/\(String(decoding: path, as: UTF8.self))" }
}
