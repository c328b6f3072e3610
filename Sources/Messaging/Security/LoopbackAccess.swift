/// What TCP on loopback, which every user of the machine can reach, asks of whoever connects.
package enum LoopbackAccess: String, Sendable, CaseIterable, Decodable {
    /// Nothing: as where no keys are in use.
    case open
    /// A key, as from another machine.
    case keys
}
