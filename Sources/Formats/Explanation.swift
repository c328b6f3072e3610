/// Why a file, or a member of one, is read as what it is read as; `dropwire parse --explain` shows it.
package struct Explanation: Sendable, Equatable {
    /// What was decided on.
    package enum Subject: String, Sendable {
        /// It is opened, and its members are looked at.
        case container
        /// Which reader it goes to.
        case format
        /// Which vocabulary an object in it is of.
        case dialect
    }

    /// What was decided on.
    package let subject: Subject
    /// What it was decided to be, as `feed`.
    package let name: String
    /// By what it is known, as `its root element is rss`.
    package let reason: String
    /// The path of the member in its containers; nil for the file itself.
    package var member: String?
    /// The formats that were asked before and did not know it, in order.
    package let triedBefore: [String]

    init(_ subject: Subject, _ name: String, reason: String, triedBefore: [String] = []) {
        self.subject = subject
        self.name = name
        self.reason = reason
        self.triedBefore = triedBefore
    }
}
