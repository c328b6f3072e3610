/// Which failures are asked for; nil asks for any.
package struct FailureFilter: Sendable, Equatable {
    /// Of one kind of worker.
    package var kind: String?
    /// Of one source of articles.
    package var source: String?
    /// Given up, or coming again.
    package var isDead: Bool?

    /// Asks for all.
    package init(kind: String? = nil, source: String? = nil, isDead: Bool? = nil) {
        (self.kind, self.source, self.isDead) = (kind, source, isDead)
    }
}
