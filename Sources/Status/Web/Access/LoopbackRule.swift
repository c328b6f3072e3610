/// What HTTP on loopback, which every user of the machine can reach, asks of whoever comes from the machine itself.
package enum LoopbackRule: String, Sendable, CaseIterable, Decodable {
    /// Nothing.
    case open
    /// A token, as from elsewhere.
    case token
}
