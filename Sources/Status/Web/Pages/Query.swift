import HTTP

/// The query of an address.
struct Query {
    private(set) var text = ""

    /// Adds an item where it has a value.
    mutating func add(_ name: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        text += (text.isEmpty ? "?" : "&") + "\(name)=\(percentEncoded(value))"
    }
}
