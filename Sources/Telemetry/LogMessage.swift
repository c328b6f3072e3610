/// The constant sentence of a log line.
///
/// Any literal is one. Those that the journal's catalog explains have an id and stand in `LogMessage+Explained.swift`.
package struct LogMessage: Sendable, ExpressibleByStringLiteral {
    package let text: StaticString
    /// The id of its explanation in `systemd/dropwire.catalog`: 32 hexadecimal digits, the same for ever.
    package let id: StaticString?

    package init(stringLiteral text: StaticString) {
        self.text = text
        id = nil
    }

    /// Makes one that the catalog explains.
    init(_ text: StaticString, id: StaticString) {
        self.text = text
        self.id = id
    }
}
