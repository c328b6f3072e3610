import Linux

/// What is known of a file's companions, for its ``Readiness``. Most files have none; so it lies apart and is replaced as a
/// whole.
final class Company: Sendable, Equatable {
    struct Values: Sendable, Equatable {
        /// A marker that stands for the file, the last where there are several.
        var marker: Readiness?
        /// Sidecars by kind, each with a readiness of its own; there are three kinds at most.
        var sidecars: [Sidecar] = []
        /// Not complete before this moment: it is too young, or has another name.
        var notBefore: Readiness.Moment?
    }

    struct Sidecar: Sendable, Equatable {
        var kind: Companion.Kind
        var readiness: Readiness
    }

    let values: Values

    /// What tells one state of the sidecars from another.
    var identities: [FileIdentity] { values.sidecars.map(\.readiness.identity) }

    init(_ values: Values) { self.values = values }

    static func == (left: Company, right: Company) -> Bool { left === right || left.values == right.values }

    /// With some values changed; nil where nothing is left.
    static func changing(_ company: Company?, _ body: (inout Values) -> Void) -> Company? {
        var values = company?.values ?? Values()
        body(&values)
        if values == Values() { return nil }
        return values == company?.values ? company : Company(values)
    }
}
